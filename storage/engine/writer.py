"""One thread that writes: what comes while it works waits, is then done in a row, and is committed once."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.exc import SQLAlchemyError

T = TypeVar("T")
# With more of them the first would wait long for the last.
MOST_TOGETHER = 16


class TransactionLostError(SQLAlchemyError):
    """The database gave up the whole transaction, and what was done in it before."""


@dataclass(frozen=True)
class _Piece(Generic[T]):
    work: Callable[[T], Any]
    done: asyncio.Future[Any]
    alone: bool


@dataclass
class _Queue(Generic[T]):
    waiting: deque[_Piece[T]] = field(default_factory=deque)
    busy: bool = False


@dataclass(frozen=True)
class _Outcome:
    value: Any = None
    error: BaseException | None = None


class Writer(Generic[T]):
    """`begin` opens a transaction, `apart` a part of it that is undone by itself when it raises.

    Where it cannot be, `apart` raises TransactionLostError.

    A piece of work is answered for only when the commit that holds it has been made.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[T]],
        apart: Callable[[T], AbstractContextManager[object]],
    ) -> None:
        self._begin, self._apart = begin, apart
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue[T]] = WeakKeyDictionary()

    async def run(self, work: Callable[[T], Any], *, alone: bool = False) -> Any:
        """`alone` in a transaction of its own, for long work: nobody waits for it but those who come after it."""
        loop = asyncio.get_running_loop()
        queue = self._queues.setdefault(loop, _Queue())
        piece = _Piece(work, loop.create_future(), alone)
        queue.waiting.append(piece)
        if not queue.busy:
            self._start(loop, queue)
        return await piece.done

    def close(self) -> None:
        self._thread.shutdown(wait=True)

    def _start(self, loop: asyncio.AbstractEventLoop, queue: _Queue[T]) -> None:
        queue.busy = True
        pieces = _next_together(queue.waiting)
        written = loop.run_in_executor(self._thread, self._write, [piece.work for piece in pieces])
        written.add_done_callback(partial(self._answer, loop, queue, pieces))

    def _answer(
        self,
        loop: asyncio.AbstractEventLoop,
        queue: _Queue[T],
        pieces: Sequence[_Piece[T]],
        written: asyncio.Future[list[_Outcome]],
    ) -> None:
        failed = written.exception()
        outcomes = [_Outcome(error=failed)] * len(pieces) if failed else written.result()
        for piece, outcome in zip(pieces, outcomes, strict=True):
            if piece.done.done():
                continue
            if outcome.error is not None:
                piece.done.set_exception(outcome.error)
            else:
                piece.done.set_result(outcome.value)
        queue.busy = False
        if queue.waiting:
            self._start(loop, queue)

    def _write(self, works: Sequence[Callable[[T], Any]]) -> list[_Outcome]:
        """All in one transaction; when even that fails, nothing was stored and each gets the same error."""
        if len(works) == 1:
            with self._begin() as transaction:
                return [_Outcome(works[0](transaction))]
        with self._begin() as transaction:
            return [self._write_one(transaction, work) for work in works]

    def _write_one(self, transaction: T, work: Callable[[T], Any]) -> _Outcome:
        try:
            with self._apart(transaction):
                return _Outcome(work(transaction))
        except TransactionLostError:
            raise
        except Exception as error:  # noqa: BLE001 - it is raised where the work was asked for, and there alone.
            return _Outcome(error=error)


def _next_together(waiting: deque[_Piece[T]]) -> list[_Piece[T]]:
    pieces = [waiting.popleft()]
    while waiting and len(pieces) < MOST_TOGETHER and not (pieces[0].alone or waiting[0].alone):
        pieces.append(waiting.popleft())
    return pieces
