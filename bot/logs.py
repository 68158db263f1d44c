"""Logging: one JSON object a line with the turn's reference number, and never what anybody wrote."""

import json
import logging
import sys
from typing import Any

import orjson
import structlog
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.log import server_logger
from aiohttp.web import RequestPayloadError
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars, merge_contextvars
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger


def log_as_json(level: int = logging.INFO) -> None:
    """Everything that is logged, by us or by a library, in the same form on standard output."""
    shared: list[Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        without_messages,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_written),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # They would tell of every wake, every request, every look at the schema and every job.
    for chatty in ("apscheduler", "aiohttp.access", "alembic", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _written(event: EventDict, **how: Any) -> str:
    try:
        return orjson.dumps(event, **how).decode()
    except orjson.JSONEncodeError:
        # Half a sign, as in a file's name that is no text, must not cost the whole line.
        return json.dumps(event, **how)


class ServerLog(logging.LoggerAdapter[logging.Logger]):
    """aiohttp's log, where a malformed request is one short line without what a stranger wrote."""

    def __init__(self) -> None:
        super().__init__(server_logger, {})

    def exception(self, msg: object, *args: object, exc_info: Any = True, **given: Any) -> None:
        if not self._is_malformed(exc_info):
            super().exception(msg, *args, exc_info=exc_info, **given)

    def debug(self, msg: object, *args: object, exc_info: Any = None, **given: Any) -> None:
        if not self._is_malformed(exc_info):
            super().debug(msg, *args, exc_info=exc_info, **given)

    def _is_malformed(self, error: Any) -> bool:
        if not isinstance(error, HttpProcessingError | RequestPayloadError):
            return False
        self.warning("malformed request: %s", type(error).__name__)
        return True


def without_messages(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Takes the messages out of a traceback, since they quote what was typed; where it broke stays."""
    for stack in event.get("exception") or []:
        for name in ("exc_value", "exc_notes", "exceptions", "syntax_error"):
            stack.pop(name, None)
    return event


def begin_turn(reference: str) -> None:
    """From here on, everything logged in this task carries the reference."""
    clear_contextvars()
    bind_contextvars(reference=reference)


def reference_of_turn() -> str:
    return str(get_contextvars().get("reference", ""))
