"""Deeds and views as a page or a command asks for them, with no dialog: who acts, what is stored, what is logged."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.log.subject import Act
from followup.people import Person
from services.acting import Acting
from storage.engine.database import Database, Transaction
from storage.engine.tables import metadata
from storage.log import access_log
from storage.register import people
from tests.support.logged_acts import acts

# What a refusal writes too.
_LOG = ("access_log", "access_log_record", "log_redaction", "log_tip", "log_key", "log_checkpoint")


@contextmanager
def acting(
    database: Database,
    key: str,
    now: datetime,
    *,
    municipality: Municipality = USUAL_MUNICIPALITY,
    channel: bool = False,
) -> Iterator[Acting]:
    """The person, in a transaction of her own."""
    with database.transaction() as tx:
        person = people.by_key(tx, key)
        assert person is not None
        yield Acting(tx, person, now, municipality, channel)


def everything(tx: Transaction) -> dict[str, list[Any]]:
    """Every row of every table but the log's."""
    return {
        table.name: list(map(tuple, tx.connection.exec_driver_sql(f'select * from "{table.name}"')))
        for table in metadata.sorted_tables
        if table.name not in _LOG
    }


def logged_by(tx: Transaction, act: Act, person_id: int) -> list[str]:
    return [subject for id_, _, subject in acts(tx, act) if id_ == person_id]


@dataclass(frozen=True)
class Tried:
    """What a deed gave, what it was logged as refused by, and whether it left all as it was."""

    outcome: Any
    refused: list[str]
    unchanged: bool


def tried(database: Database, key: str, now: datetime, deed: Callable[[Acting], Any]) -> Tried:
    with acting(database, key, now) as by:
        before = everything(by.tx)
        outcome = deed(by)
        return Tried(outcome, logged_by(by.tx, "refused", by.person.id), everything(by.tx) == before)


class _UndoneError(Exception):
    """All that was to be seen has been."""


@contextmanager
def trial(database: Database) -> Iterator[Transaction]:
    """A transaction of which nothing is kept."""
    with suppress(_UndoneError), database.transaction() as tx:
        yield tx
        # As all is undone: what is over before its end, without an error, was ended by the database.
        raise _UndoneError


def known(tx: Transaction, key: str) -> Person:
    found = people.by_key(tx, key)
    assert found is not None
    return found


def acting_as(tx: Transaction, key: str, now: datetime, *, channel: bool = False) -> Acting:
    return Acting(tx, known(tx, key), now, channel=channel)


def entries_of(tx: Transaction, key: str) -> list[tuple[str, str]]:
    """What the person has done, as the log says it, oldest first."""
    number = known(tx, key).id
    return [
        (one.entry.act, str(one.entry.subject))
        for one in access_log.everything(tx)
        if one.entry.person_id == number
    ]
