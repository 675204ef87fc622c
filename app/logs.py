"""Structured logs, one line of JSON an event, without addresses, names or tokens.

Callers log what happened and random ids; whoever adds a personal value here undoes docs/domain.md, "Do no harm". Of a
failure its kind and the places it went through are kept, never its words: a database quotes the row that it refused.
"""

import logging
import sys
import traceback

import structlog
from flask import Flask
from structlog.typing import EventDict, WrappedLogger


def configure_logs(app: Flask) -> None:
    """Send this program's events to stderr as JSON lines; an injected newline stays inside its string."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            failure_without_words,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    app.logger.setLevel(logging.WARNING)


def failure_without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info=<exception>` by the kinds of the failure and its causes, and the places in our own code."""
    failure = event.pop("exc_info", None)
    if not isinstance(failure, BaseException):
        return event
    frames = traceback.extract_tb(failure.__traceback__)
    event["places"] = [f"{frame.name}:{frame.lineno}" for frame in frames]
    kinds: list[str] = []
    cause: BaseException | None = failure
    while cause is not None and len(kinds) < 5:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    event["kinds"] = kinds
    return event
