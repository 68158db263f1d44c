"""Logging: one JSON object a line with the turn's reference number, and never what anybody wrote."""

import logging
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import walk_tb
from typing import Any

import orjson
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.log import server_logger
from aiohttp.web import RequestPayloadError

_reference: ContextVar[str] = ContextVar("reference", default="")


def log_as_json(level: int = logging.INFO) -> None:
    """Everything that is logged, by us or by a library, in the same form on standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLine())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # They would tell of every wake, every request, every look at the schema and every job.
    for chatty in ("apscheduler", "aiohttp.access", "alembic", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class JsonLine(logging.Formatter):
    """What happened, in which turn, who says so and when; of an exception its kind and where it broke."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {"event": record.getMessage()}
        if reference := reference_of_turn():
            line["reference"] = reference
        line |= {"level": record.levelname.lower(), "logger": record.name}
        line["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["exception"] = [_without_message(one) for one in _with_causes(error)]
        return orjson.dumps(line).decode()


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, and what it came of."""
    told: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and not any(found is one for one in told):
        told.append(found)
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _without_message(error: BaseException) -> dict[str, object]:
    """Its message quotes what was typed, as its notes and its variables do."""
    places = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    frames = [{"filename": code.co_filename, "lineno": line, "name": code.co_name} for code, line in places]
    return {"exc_type": type(error).__name__, "frames": frames}


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


def begin_turn(reference: str) -> None:
    """From here on, everything logged in this task carries the reference."""
    _reference.set(reference)


def reference_of_turn() -> str:
    return _reference.get()
