"""The newest template takes the place of the one that holds, once every customer's file can be made with it."""

from datetime import datetime

from django.conf import settings

from felhom_hub.base.words import count_words
from felhom_hub.configs.documents import DocumentError
from felhom_hub.configs.generate import document_of, wanted_of_all
from felhom_hub.configs.template import adopt, current_template, refuse, waiting_template
from felhom_hub.configs.template_trial import Trial, problem_of, tried_on


def try_waiting(*, now: datetime) -> str:
    """What became of the template that waits, in a few words."""
    candidate = waiting_template() if settings.HUB.registry.template_url else ""
    if not candidate:
        return "none waits"
    trial, problem = _tried(candidate)
    if trial is None or problem:
        refuse(candidate, problem, trial)
        return f"refused: {problem}"
    if not adopt(candidate, trial, now=now):
        return "another one came meanwhile"
    return f"adopted: {trial.changed} of {count_words(trial.customers, 'file')} changed"


def _tried(candidate: str) -> tuple[Trial | None, str]:
    """The trial, where it came to one, and why the template is refused; empty where it is not."""
    try:
        new = document_of(candidate)
    except DocumentError as error:
        return None, str(error)
    if problem := problem_of(new):
        return None, problem
    boxes = ((customer.customer_id, wanted) for customer, wanted in wanted_of_all())
    trial = tried_on(boxes, old=document_of(current_template()), new=new)
    if trial.failed:
        return trial, f"{count_words(trial.failed, 'customer')} would have no file."
    return trial, ""
