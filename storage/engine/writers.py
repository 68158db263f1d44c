"""Several threads that write: each piece of work in a transaction of its own, begun again when it was undone."""

import asyncio
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Semaphore
from time import monotonic, sleep
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class Holding(Protocol):
    """`let_go` is called when what it holds has been let go of."""

    @property
    def let_go(self) -> list[Callable[[], None]]: ...


T = TypeVar("T", bound=Holding)
V = TypeVar("V")
# Whether the same may well go through if it is begun again.
Passes = Callable[[DBAPIError], bool]
# Each transaction that decides has a thread, and waits for a lock or the disk in it.
THREADS = 10
# Of one process only one computes at a time, while another asks the database: with more under way each would hold its
# locks for longer, and nothing would be done sooner. Who waits for the disk alone holds nothing, and is none of them.
AT_ONCE = 2
LONGEST_WAIT = 10.0
MOST_TRIES = 8
FIRST_REST = 0.01


class PerhapsStoredError(SQLAlchemyError):
    """The commit itself got no answer, so the work may be stored; nobody may say that it is not."""


class Writers(Generic[T]):
    """`begin` opens a transaction; a piece of work is answered for only when its commit has been made."""

    def __init__(self, begin: Callable[[], AbstractContextManager[T]], passes: Passes) -> None:
        self._begin, self._passes, self._room = begin, passes, Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="storage")

    async def run(self, work: Callable[[T], Any], *, alone: bool = False) -> Any:
        """Each is alone in its transaction here, whether that was asked for or not."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._write, work)

    def close(self) -> None:
        self._threads.shutdown(wait=True)

    def _write(self, work: Callable[[T], Any]) -> Any:
        return begun_again(self._begin_in_turn, work, self._passes)

    @contextmanager
    def _begin_in_turn(self) -> Iterator[T]:
        with ExitStack() as turn:
            turn.enter_context(self._room)
            with self._begin() as transaction:
                transaction.let_go.append(turn.close)
                yield transaction


def begun_again(begin: Callable[[], AbstractContextManager[T]], work: Callable[[T], V], passes: Passes) -> V:
    """The work in a transaction, once more where the database undid all of it; never where the commit may be made."""
    began = monotonic()
    for tried in range(MOST_TRIES):
        done = False
        try:
            with begin() as transaction:
                value = work(transaction)
                done = True
        except DBAPIError as error:
            if done and passes(error):
                raise PerhapsStoredError(str(error.orig)) from error
            given_up = tried + 1 == MOST_TRIES or monotonic() - began > LONGEST_WAIT
            if done or given_up or not passes(error):
                raise
            # Two who begin again in the same moment would only meet again.
            sleep(random.uniform(0.5, 1.0) * FIRST_REST * 2**tried)
        else:
            return value
    raise AssertionError("the last try ends in a value or an error")
