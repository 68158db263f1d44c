"""Logging: one JSON object a line with the turn's reference number, and never what anybody wrote."""

import json
import logging
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import islice
from traceback import walk_tb
from types import TracebackType
from typing import Any

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.log import server_logger
from aiohttp.web import RequestPayloadError

# Enough to see where it broke, also of what called itself without end.
MOST_FRAMES = 50
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
    """One JSON object a line; of an exception its kind and where it broke, since its message quotes what was typed."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        line: dict[str, object] = {"event": record.getMessage(), "level": record.levelname.lower()}
        line |= {"logger": record.name, "timestamp": moment}
        if reference := _reference.get():
            line["reference"] = reference
        if record.exc_info and record.exc_info[1]:
            line["exception"] = list(_stacks(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def _stacks(error: BaseException | None) -> Iterator[dict[str, object]]:
    """The exception, and then what each came of."""
    told = set[int]()
    while error is not None and id(error) not in told:
        told.add(id(error))
        yield {"exc_type": type(error).__name__, "frames": list(_frames(error.__traceback__))}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(trace: TracebackType | None) -> Iterator[dict[str, object]]:
    frames = list(walk_tb(trace))
    for frame, line in islice(frames, max(0, len(frames) - MOST_FRAMES), None):
        yield {"filename": frame.f_code.co_filename, "lineno": line, "name": frame.f_code.co_name}


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
