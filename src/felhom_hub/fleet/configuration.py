"""The page `/configuration`: whether the hub does its own work, and what it runs with."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings

from felhom_hub.assets.queries import AssetFacts, asset_facts
from felhom_hub.base.configured import Configured, Origin
from felhom_hub.base.words import count_words
from felhom_hub.configs.template import TemplateFacts, template_facts
from felhom_hub.controllers.releases import Offer, offer_now
from felhom_hub.fleet.background import JobRow, job_rows
from felhom_hub.fleet.hub_facts import HubFacts, hub_facts
from felhom_hub.fleet.own_backup import OwnBackup, own_backup
from felhom_hub.fleet.updates import Updates, updates_now
from felhom_hub.operators.open_sessions import OpenSession, open_sessions


@dataclass(frozen=True)
class ConfigurationPage:
    """`sections` are hub.yaml's, in its order; `sessions` begin with this browser's."""

    jobs: list[JobRow]
    sections: list[tuple[str, list[Configured]]]
    warnings: tuple[str, ...]
    sessions: list[OpenSession]
    backup: OwnBackup
    hub: HubFacts
    assets: AssetFacts
    image: str  # whose versions are looked up; empty where none are
    offer: Offer
    updates: Updates
    template: TemplateFacts

    @property
    def failed(self) -> int:
        """How many jobs failed the last time."""
        return sum(1 for job in self.jobs if job.state == "failed")

    @property
    def fine(self) -> int:
        """How many did not."""
        return len(self.jobs) - self.failed

    @property
    def settings(self) -> int:
        """How many settings there are."""
        return sum(len(of_section) for _, of_section in self.sections)

    @property
    def changed(self) -> int:
        """How many of them were written down somewhere."""
        return sum(setting.origin is not Origin.DEFAULT for _, of_section in self.sections for setting in of_section)

    @property
    def is_busy(self) -> bool:
        """True while a job runs."""
        return any(job.state == "running" for job in self.jobs)

    @property
    def current(self) -> OpenSession | None:
        """This browser's session; None where sign-in is off."""
        return self.sessions[0] if self.sessions and self.sessions[0].is_current else None

    @property
    def finding(self) -> str:
        """The page's headline."""
        if self.failed:
            return f"{self.failed} of {count_words(len(self.jobs), 'background job')} failed"
        if self.warnings:
            return f"{count_words(len(self.warnings), 'warning')} about the settings"
        return "The hub is doing its work"


def configuration_page(*, session: str, now: datetime, zone: ZoneInfo) -> ConfigurationPage:
    """All of the page; `session` is the digest of this browser's token, "" where sign-in is off."""
    offer = offer_now()
    jobs = job_rows(now=now, zone=zone)
    by_section = groupby(settings.HUB_CONFIGURED, key=lambda setting: setting.section)
    return ConfigurationPage(
        jobs=jobs,
        sections=[(section, list(of_section)) for section, of_section in by_section],
        warnings=tuple(settings.HUB_LOADED.warnings),
        sessions=open_sessions(current=session, now=now) if session else [],
        backup=own_backup(jobs, now=now),
        hub=hub_facts(now),
        assets=asset_facts(settings.HUB.assets.dir, settings.HUB.assets.seed_dir),
        image=settings.HUB.registry.image,
        offer=offer,
        updates=updates_now(offer),
        template=template_facts(),
    )
