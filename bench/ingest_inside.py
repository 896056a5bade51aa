"""What the hub does of a report after it has been answered: reading its apps. Runs on a round's database."""

import time

from felhom_hub.base.pace import AT_ONCE
from felhom_hub.reports.models import Report
from felhom_hub.telemetry.models import TelemetryHour
from felhom_hub.telemetry.unread import read_unread


def read_apps_later() -> dict[str, float]:
    """Reads all that waits, as the job does but without its rests; `us` is this thread's processor time a report."""
    began = time.thread_time()
    reports = read_unread(Report.objects.count(), AT_ONCE)
    took = time.thread_time() - began
    return {"reports": reports, "us": took / max(1, reports) * 1e6, "hours": TelemetryHour.objects.count()}
