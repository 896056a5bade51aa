"""The table of the routes that are answered without Django, by exact path; `urls.py` has all others."""

import asyncio

from felhom_hub.base.endpoint import AsgiApp
from felhom_hub.base.writer import Writer
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.events.intake import event_endpoint
from felhom_hub.fleet.live import News, live_endpoint
from felhom_hub.notify.intake import notify_endpoint, preferences_endpoint
from felhom_hub.notify.provider_intake import resend_endpoint
from felhom_hub.operators.raw_csrf import csrf_checked
from felhom_hub.project.health import health_endpoints
from felhom_hub.project.metrics import Intake, metrics_endpoint
from felhom_hub.project.openapi.endpoint import openapi_endpoint
from felhom_hub.recovery.intake import infra_backup_endpoint
from felhom_hub.reports.intake import report_endpoint


def raw_routes(writer: Writer, stopping: asyncio.Event, news: News) -> dict[str, AsgiApp]:
    """Each path with its endpoint; the structure tests ask for the paths, so nothing is started here."""
    recogniser = Recogniser()
    intake = Intake(
        {
            "/api/v1/report": report_endpoint(writer, recogniser),
            "/api/v1/event": event_endpoint(writer, recogniser),
            "/api/v1/notify": notify_endpoint(writer, recogniser),
            "/api/v1/preferences": preferences_endpoint(writer, recogniser),
            "/api/v1/infra-backup": infra_backup_endpoint(writer, recogniser),
            "/api/v1/webhooks/resend": resend_endpoint(writer),
        },
        stored=news.landed,
    )
    endpoints = {
        **intake.counted,
        **health_endpoints(writer),
        "/metrics": metrics_endpoint(writer, intake, recogniser),
        "/api/v1/openapi.json": openapi_endpoint(),
        "/live": live_endpoint(news, stopping),
    }
    return {path: csrf_checked(endpoint) for path, endpoint in endpoints.items()}
