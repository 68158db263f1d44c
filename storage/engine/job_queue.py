"""The queue engine of PostgreSQL: Procrastinate, given jobs in the transaction of what they are to deliver."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import groupby
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AppNotOpen, ConnectorException
from procrastinate.schema import SchemaManager, migrations_path
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from storage.engine.database import Owed, Transaction
from storage.engine.locks import hold
from storage.engine.postgresql import QUEUE_SCHEMA, connection_words
from storage.engine.tables import delivery
from storage.engine.writers import LONGEST_WAIT

log = logging.getLogger(__name__)
Deliver = Callable[[Sequence[int], bool], Awaitable[None]]
TASK = "deliver"
# What fell between two jobs has a queue of its own, so that it is not given there twice.
FRESH, LEFT = "deliveries", "left"
# A job of each message ran at 23 a second behind 100 000 of them; such chunks do not feel the length of the queue.
CHUNK = 100
URGENT = 10
# What is to go in some seconds is no news, which PostgreSQL tells of by itself: it is looked for.
POLLED = 1.0
# Of a job that waits no replica is told: each would wake for nothing, and whoever tells of one waits for a turn of its
# own at the commit.
_TOLD_OF = """
DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs;
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON procrastinate_jobs
FOR EACH ROW WHEN (new.status = 'todo' AND new.scheduled_at IS NULL)
EXECUTE FUNCTION procrastinate_notify_queue_job_inserted_v1()
"""
# A replica tells that it lives every tenth second.
DEAD = 60.0


@dataclass(frozen=True)
class _Job:
    """The rows of the ledger that it is to deliver."""

    ids: tuple[int, ...]
    wait: timedelta
    urgent: bool
    left: bool


def hand_over(tx: Transaction) -> None:
    """Makes jobs of what the transaction owes, in it: each urgent message is one, and the rest goes in chunks."""
    owed = list({one.row: one for one in tx.owed}.values())
    if any(one.left for one in owed):
        hold(tx, LEFT, "left")
        if _is_waiting(tx, LEFT):
            owed = [one for one in owed if not one.left]
    tx.owed.clear()
    with _told_as_the_database_does():
        for (urgent, left, wait), jobs in groupby(
            _jobs(tx, owed), lambda job: (job.urgent, job.left, job.wait)
        ):
            rows = [{"ids": list(job.ids), "left": left} for job in jobs]
            _deferrer(tx, urgent, left, wait).batch_defer(*rows)


def _jobs(tx: Transaction, owed: Sequence[Owed]) -> Iterator[_Job]:
    ids = _ids(tx, owed)
    there = sorted(
        ((one.urgent, one.left, one.wait, ids[one.row]) for one in owed if one.row in ids),
        key=lambda one: (not one[0], *one[1:]),
    )
    for (urgent, left), rows in groupby(there, lambda one: one[:2]):
        some = list(rows)
        most = 1 if urgent else CHUNK
        for at in range(0, len(some), most):
            chunk = some[at : at + most]
            yield _Job(tuple(one[3] for one in chunk), chunk[0][2], urgent, left)


def _ids(tx: Transaction, owed: Sequence[Owed]) -> dict[str | int, int]:
    """By what it was owed as; who queues a message knows its key."""
    keys = [one.row for one in owed if isinstance(one.row, str)]
    found: dict[str | int, int] = {one.row: one.row for one in owed if isinstance(one.row, int)}
    if keys:
        rows = tx.connection.execute(select(delivery.c.key, delivery.c.id).where(delivery.c.key.in_(keys)))
        found |= {row.key: row.id for row in rows}
    return found


def _is_waiting(tx: Transaction, queue: str) -> bool:
    asked = text("select 1 from procrastinate_jobs where status = 'todo' and queue_name = :queue limit 1")
    return tx.connection.execute(asked, {"queue": queue}).first() is not None


@cache
def _giving() -> App:
    """It has no connection of its own: each job is given on the transaction's."""
    return App(connector=SyncPsycopgConnector())


def _deferrer(tx: Transaction, urgent: bool, left: bool, wait: timedelta) -> Any:
    return _giving().configure_task(
        TASK,
        queue=LEFT if left else FRESH,
        priority=URGENT if urgent else 0,
        schedule_in={"seconds": wait.total_seconds()} if wait else None,
        connection=tx.connection.connection.driver_connection,
    )


@contextmanager
def _told_as_the_database_does() -> Iterator[None]:
    """So that the work is begun again where the same statement of ours would be."""
    try:
        yield
    except ConnectorException as refused:
        cause = refused.__cause__
        assert cause is not None
        raise DBAPIError.instance(
            "procrastinate_defer_jobs", None, cause, psycopg.Error, hide_parameters=True
        ) from refused


class JobQueue:
    """Takes jobs and gives them to `deliver`, in one replica of many."""

    def __init__(self, url: str, deliver: Deliver, patience: float) -> None:
        """`patience` is how long what is under way may take when it is told to stop."""
        self._conninfo, self._patience = connection_words(url), patience
        self._deliver = deliver
        self._open: App | None = None

    async def work(self, begun: Callable[[], None]) -> None:
        """Until it is cancelled, or until contact with the server is lost: with or without a word of that.

        It has `begun` when it has got through to the server, and that stores what it says.
        """
        made = App(
            connector=PsycopgConnector(conninfo=self._conninfo, min_size=1, max_size=4, timeout=LONGEST_WAIT)
        )
        made.task(name=TASK)(self._take)
        try:
            await made.open_async()
            self._open = made
            await made.job_manager.prune_stalled_workers(DEAD)
            begun()
            await made.run_worker_async(
                queues=[FRESH, LEFT],
                concurrency=1,
                delete_jobs="always",
                fetch_job_polling_interval=POLLED,
                shutdown_graceful_timeout=self._patience,
                install_signal_handlers=False,
            )
        finally:
            self._open = None
            # Also where it was told to end while it opened: the pool's own tasks do not end by being cancelled.
            await made.close_async()

    async def _take(self, ids: list[int], left: bool) -> None:
        await self._deliver(ids, left)

    async def take_from_the_dead(self) -> None:
        """What a replica that is gone had taken waits for the others again."""
        if self._open is None:
            return
        try:
            for job in await self._open.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD):
                await self._open.job_manager.retry_job(job)
        except (AppNotOpen, ConnectorException):
            log.warning("what the dead had taken could not be looked for", exc_info=True)


def bring_up(connection: Connection) -> None:
    """Makes the engine's own schema as the version that is installed wants it; nothing is kept of another's.

    A job only says of rows of the ledger that they are to be looked at: what is due is owed again by the next wake.
    """
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {QUEUE_SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {QUEUE_SCHEMA}")
        before = cursor.execute("SELECT current_setting('search_path')").fetchone()[0]
        cursor.execute(f"SET LOCAL search_path TO {QUEUE_SCHEMA}")
        cursor.execute(SchemaManager.get_schema())
        cursor.execute(_TOLD_OF)
        cursor.execute("SELECT set_config('search_path', %s, true)", [before])
        # It keeps no version itself.
        cursor.execute(f"COMMENT ON SCHEMA {QUEUE_SCHEMA} IS '{newest()}'")


def version(connection: Connection) -> str | None:
    """What its schema is made of, as `newest` says it; None where there is none."""
    asked = text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :name")
    found: str | None = connection.execute(asked, {"name": QUEUE_SCHEMA}).scalar()
    return found


def newest() -> str:
    """The last step of the engine's own migrations, and ours."""
    return f"{max(one.name for one in migrations_path.glob('*.sql'))}, told of what is due"
