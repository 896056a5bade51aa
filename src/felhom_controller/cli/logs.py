"""How commands log: one plain line per entry on standard error, nothing secret in it."""

import sys

import structlog


def configure_logging() -> None:
    """Log lines go to standard error, with a time in UTC."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
