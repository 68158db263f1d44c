"""Everything that is due at a moment, done once however often and in whatever order it is asked for."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from followup.times.calendar import next_turn
from scheduler.jobs import JOBS, Job, Times
from scheduler.piece import AIM, PIECE, PieceDone, PieceSize
from services.risk.failed_work import FAILED, FailedWork
from services.risk.reading_beside import BesidePieces
from storage.engine.database import Database, Transaction, in_lock_order
from storage.engine.locks import is_free, number_held
from storage.overview import answer_counts
from storage.times import job_looks, wakes
from storage.times.job_looks import JobLook

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Woken:
    """How many messages were queued, and whether more may be due."""

    queued: int
    more: bool


def tick_piece(
    tx: Transaction,
    now: datetime,
    times: Times,
    most: int = PIECE,
    is_over: Callable[[], bool] = lambda: False,
) -> Woken:
    """Does so much of what is due; what is left is found again in what is stored, whoever asks for it.

    It does one job at least, and none after that when its time `is_over`: one that finds nothing to do takes some too.

    What fails raises, and is left out where the piece is begun again and `times.failed` knows of it.

    A moment that was begun is finished as that moment, however late, so that a bot that was ended between two pieces
    leaves nothing out. One before a moment already woken for is taken as that later one: what was done is not undone.
    """
    if not is_free(tx, "wake"):
        # Another replica is at it, and what it leaves is due in a minute again.
        return Woken(0, more=False)
    answer_counts.add_up(tx)
    moment, come_to = wakes.begin(tx, now)
    done, left, known, counts = PieceDone(), None, job_looks.all_looks(tx), _Counts(tx)
    # What the jobs before it had to do is done: to ask each of them again in every piece would be the most of it.
    names = list(JOBS)
    first = names.index(come_to) if come_to is not None and come_to in JOBS else 0
    units_held = number_held(tx, "unit")
    for name in names[first:]:
        if not times.failed.begin(name):
            continue
        # Who has scored units has their locks, which are taken by number: the next job may want one before them.
        is_full = done.rows >= most or (name != names[first] and is_over())
        if is_full or number_held(tx, "unit") > units_held:
            left = name
            break
        piece, through = _go_on(tx, name, known.get(name), counts, moment, times, most - done.rows)
        done += piece
        if not through:
            left = name
            break
    times.failed.end()
    wakes.record(tx, moment, left)
    return Woken(done.queued, more=left is not None or moment < now)


class _Counts:
    """Read again after each job that may have changed something; by an older one there is only more to look at."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._known: Mapping[str, int] | None = None

    def of(self, job: Job) -> int:
        if self._known is None:
            self._known = job_looks.counted(self._tx)
        return job_looks.changes_of(self._known, job.topics)

    def forget(self) -> None:
        self._known = None


def _go_on(
    tx: Transaction,
    name: str,
    before: JobLook | None,
    counts: _Counts,
    moment: datetime,
    times: Times,
    room: int,
) -> tuple[PieceDone, bool]:
    """Goes on with the job where it is, or begins it unless nothing has changed; and whether it is through."""
    job = JOBS[name]
    changes = counts.of(job) if job.topics else 0
    if before is not None and before.until is None:
        # What changes while it goes through things may be about one that it has passed.
        changes = before.changes
    elif before is not None and job.topics and before.stands(changes, moment):
        return PieceDone(), True
    done = job.work(tx, moment, times, room, before.place if before and before.until is None else None)
    if job.topics or done.rows or done.queued:
        counts.forget()
    through = done.place is None if job.has_places else done.rows < room
    if job.topics or before is not None or not through:
        job_looks.record(tx, name, JobLook(changes, next_turn(moment) if through else None, done.place))
    return done, through


def tick_sized(tx: Transaction, now: datetime, times: Times, size: PieceSize) -> Woken:
    """A piece so large that nobody notices it, by how long those before it took."""
    began = size.passed()
    woken = tick_piece(tx, now, times, size.rows, lambda: size.passed() - began >= AIM)
    if woken.more:
        size.took(size.passed() - began)
    return woken


def tick(tx: Transaction, now: datetime, times: Times) -> int:
    """All that is due, where nobody waits for the transaction, and how many messages that queued; then none."""
    queued, more = 0, True
    while more:
        with in_lock_order(tx):
            woken = tick_piece(tx, now, times)
        queued, more = queued + woken.queued, woken.more
    return queued


def wake(database: Database, now: datetime, times: Times) -> int:
    """All that is due, beside a bot that may be running, and how many messages that queued.

    Raises what failed first, when all else has been done.
    """
    queued, more, size, beside, failed = 0, True, PieceSize(), BesidePieces(), FailedWork()
    times = replace(times, beside=beside, failed=failed)
    while more:
        try:
            with database.piece() as tx:
                woken = tick_sized(tx, now, times, size)
            queued, more = queued + woken.queued, woken.more
            if beside.asks(failed):
                with database.reading() as look:
                    beside.read(look)
        except Exception as error:
            # As in the bot: one thing that the program cannot do must hold up nothing else that is due.
            log.exception(FAILED, failed.add(error))
    failed.demand_none()
    return queued
