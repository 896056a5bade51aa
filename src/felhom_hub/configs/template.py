"""The template of every controller.yaml: the hub's own, or the fetched one that passed its trial."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from django.conf import settings
from django.db import transaction

from felhom_hub.configs.models import FetchedTemplate
from felhom_hub.configs.template_fetch import Fetched, Marks
from felhom_hub.configs.template_trial import Trial, trial_of

_ROW = 1
_MAX_SENTENCE = 500


@dataclass(frozen=True)
class TemplateFacts:
    """What is known: `url` is empty where nothing is fetched, `is_built_in` where the hub's own holds."""

    url: str
    is_built_in: bool
    adopted_at: datetime | None = None
    asked_at: datetime | None = None
    worked_at: datetime | None = None
    failure: str = ""
    is_waiting: bool = False
    refusal: str = ""
    trial: Trial | None = None


@cache
def built_in() -> str:
    """The template that a new hub begins with."""
    return files(__package__).joinpath("builtin", "controller.yaml.example").read_text(encoding="utf-8")


def current_template() -> str:
    """The template that holds now; one query where one is fetched."""
    if not settings.HUB.registry.template_url:
        return built_in()
    row = FetchedTemplate.objects.filter(pk=_ROW).values_list("text", flat=True).first()
    return row or built_in()


def template_facts() -> TemplateFacts:
    """For pages; one query where one is fetched."""
    url = settings.HUB.registry.template_url
    row = FetchedTemplate.objects.filter(pk=_ROW).first() if url else None
    if row is None:
        return TemplateFacts(url, is_built_in=True)
    return TemplateFacts(
        url=url,
        is_built_in=not row.text,
        adopted_at=row.adopted_at,
        asked_at=row.asked_at,
        worked_at=row.worked_at,
        failure=row.failure,
        is_waiting=bool(row.candidate) and not row.refusal,
        refusal=row.refusal,
        trial=trial_of(row.trial),
    )


def known_marks(url: str) -> Marks:
    """What tells whether the template at `url` is still the newest that was fetched; none where another address was."""
    row = FetchedTemplate.objects.filter(pk=_ROW, url=url).first()
    return Marks() if row is None else Marks(row.etag, row.last_modified)


def note_fetched(fetched: Fetched, url: str, *, now: datetime) -> bool:
    """The newest template is this; it waits for its trial (True) unless it holds already."""
    with transaction.atomic():
        row, _ = FetchedTemplate.objects.select_for_update().get_or_create(pk=_ROW)
        if fetched.text in (row.text, row.candidate):
            row.candidate = row.candidate if fetched.text != row.text else ""
        else:
            row.candidate, row.refusal = fetched.text, ""
        row.refusal = row.refusal if row.candidate else ""
        row.url, row.etag, row.last_modified = url, fetched.marks.etag, fetched.marks.last_modified
        row.asked_at, row.worked_at, row.failure = now, now, ""
        row.save()
        return bool(row.candidate)


def note_unchanged(*, now: datetime) -> bool:
    """The newest template is still the one that was fetched before; True where that one does not hold yet."""
    row = FetchedTemplate.objects.filter(pk=_ROW)
    row.update(asked_at=now, worked_at=now, failure="")
    return row.exclude(candidate="").exists()


def note_failure(sentence: str, *, now: datetime) -> None:
    """There is no newer template, for the reason in the sentence; the one that holds stays."""
    values = {"asked_at": now, "failure": sentence[:_MAX_SENTENCE]}
    FetchedTemplate.objects.update_or_create(pk=_ROW, defaults=values)


def waiting_template() -> str:
    """The newest template where it does not hold; empty where it does."""
    return FetchedTemplate.objects.filter(pk=_ROW).values_list("candidate", flat=True).first() or ""


def adopt(candidate: str, trial: Trial, *, now: datetime) -> bool:
    """The candidate holds from now on, in one statement; False where another one has taken its place meanwhile."""
    changes = {"text": candidate, "candidate": "", "refusal": "", "adopted_at": now, "trial": trial.as_json()}
    return FetchedTemplate.objects.filter(pk=_ROW, candidate=candidate).update(**changes) == 1


def refuse(candidate: str, sentence: str, trial: Trial | None) -> bool:
    """The candidate reaches nobody, for that reason; as `adopt`."""
    changes = {"refusal": sentence[:_MAX_SENTENCE], "trial": trial.as_json() if trial else {}}
    return FetchedTemplate.objects.filter(pk=_ROW, candidate=candidate).update(**changes) == 1
