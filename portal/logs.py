"""How the portal writes its log: one line an event, JSON in production, without secrets."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Links in mails carry signed tokens as a part of their path, and queries carry what people typed.
_LONG_PART = re.compile(r"/[^/\s?]{25,}")
_QUERY = re.compile(r"\?\S*")
TOLD_TWICE = "request_started"  # "request_finished" says the same and more


def hide_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Take tokens and queries out of addresses."""
    for key in ("event", "request", "referrer"):
        value = event.get(key)
        if isinstance(value, str):
            event[key] = _QUERY.sub("?...", _LONG_PART.sub("/...", value))
    return event


def drop_beginnings(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Leave out the line that tells of a request before anything is known about it."""
    if event.get("event") == TOLD_TWICE:
        raise structlog.DropEvent
    return event


# With rich installed structlog would print local variables too, passwords among them.
PLAIN = structlog.dev.plain_traceback

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    hide_secrets,
]


def set_up(*, level: str, as_json: bool) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING for the same output."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            drop_beginnings,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=PLAIN)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *last,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Each runs every few seconds: only trouble is worth a line.
            "celery": {"level": "WARNING"},
            # It warns of each answer to HEAD, whose body it drops as it should.
            "gunicorn.http.wsgi": {"level": "ERROR"},
        },
    }
