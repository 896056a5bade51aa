"""Which request this thread or task works for; every line that it logs says so (project/logs.py)."""

from contextvars import ContextVar

# Our own rather than structlog's, which copies the whole context to look into it: each report would pay for that.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
