"""A register of any size, put in by the bulk: `python -m bench.scale_register URL --placements 100000`."""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert

from followup.access.directory import normal_id
from followup.times.month import Month
from storage.engine import schema
from storage.engine.database import Database, Transaction, insert_all, insert_new
from storage.engine.prepared import Prepared
from storage.engine.standing_tables import answer_count
from storage.engine.tables import (
    change_count,
    ownership,
    person,
    placement,
    provider,
    report,
    report_task,
    round_,
    unit,
)
from storage.engine.vault import Vault, new_key
from storage.month import rounds
from storage.overview import response_rates
from storage.risk import scores
from tests.support.builders import aad, at
from tests.support.municipality import STEADY

FORMS = ("hvb", "stodboende", "konsulentstott_familjehem", "konsulentstott_jourhem")
EACH, IN_UNIT, WORKERS_OF_A_MANAGER, UNITS_OF_A_PROVIDER = 15, 22, 12, 3
BEGAN, ASKED = date(2026, 3, 1), Month(2026, 9)
HANDED_IN = at("2026-10-05")
ROWS_AT_ONCE = 20_000
_INSERTS = {
    table: Prepared(insert(table))
    for table in (person, provider, unit, placement, ownership, round_, report_task, report)
}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Size:
    """So many placements, each worker with fifteen of them, twenty-two in a unit; the first unit has its `largest`."""

    placements: int
    largest: int = 0

    @property
    def workers(self) -> int:
        return -(-self.placements // EACH)

    @property
    def managers(self) -> int:
        return -(-self.workers // WORKERS_OF_A_MANAGER)

    @property
    def units(self) -> int:
        return -(-self.placements // IN_UNIT)


def fill(tx: Transaction, size: Size, reported: Mapping[str, str] = STEADY) -> None:
    """People, units, placements, and a September that everybody has reported on.

    What triggers keep by the row, which is most of what a row costs, is counted once at the end.
    """
    with resting_triggers(tx):
        _insert(tx, size, reported)
    _count(tx)


@contextmanager
def resting_triggers(tx: Transaction) -> Iterator[None]:
    """None fires within, and they are as they were when the transaction is committed or undone."""
    run = tx.connection.exec_driver_sql
    if tx.connection.dialect.name == "postgresql":
        for table in _INSERTS:
            run(f'alter table "{table.name}" disable trigger user')
        yield
        for table in _INSERTS:
            run(f'alter table "{table.name}" enable trigger user')
        run("analyze")
        return
    made = run("select name, sql from sqlite_master where type = 'trigger'").all()
    of_ours = [(name, sql) for name, sql in made if any(f' on "{table.name}"' in sql for table in _INSERTS)]
    for name, _ in of_ours:
        run(f"drop trigger {name}")
    yield
    for _, sql in of_ours:
        run(sql)


def _count(tx: Transaction) -> None:
    """As the triggers would have: by owner how many reports each round asks for and has, and that there is news."""
    for one in rounds.every(tx):
        rows = [
            {
                "owner_id": owner_id or 0,
                "substitute_id": substitute_id or 0,
                "round_id": one.id,
                "followed": followed,
                "import_id": 0,
                "asked": asked,
                "answered": answered,
            }
            for (owner_id, substitute_id, followed), (asked, answered) in response_rates.recounted(
                tx, one
            ).items()
        ]
        insert_all(tx, answer_count, rows)
    for topic in ("register", "round", "task"):
        if not insert_new(tx, change_count, topic=topic, number=1):
            news = change_count.update().where(change_count.c.topic == topic)
            tx.connection.execute(news.values(number=change_count.c.number + 1))


def _insert(tx: Transaction, size: Size, reported: Mapping[str, str]) -> None:
    for table, rows in (
        (person, _people(size)),
        (provider, _providers(size)),
        (unit, _units(size)),
        (placement, _placements(size)),
        (ownership, _ownerships(size)),
        (round_, iter([_september()])),
        (report_task, ({"round_id": 1, "placement_id": number} for number in _numbers(size.placements))),
        (report, _reports(size, reported)),
    ):
        while piece := list(islice(rows, ROWS_AT_ONCE)):
            _INSERTS[table].many(tx.connection, piece)


def _numbers(last: int) -> range:
    return range(1, last + 1)


def _people(size: Size) -> Iterator[Row]:
    """Managers first, so that workers may name them; one of the quality team and one who administers last."""
    for number in _numbers(size.managers):
        yield _person(f"m{number}", "manager", None, team=f"Team {number}")
    for number in _numbers(size.workers):
        manager = 1 + number % size.managers
        yield _person(f"w{number}", "worker", manager, team=f"Team {manager}")
    yield _person("quality", "quality", 1, team="Kvalitet")
    yield _person("admin", "admin", None, team="Drift")


def _person(key: str, role: str, manager_id: int | None, *, team: str) -> Row:
    told = {"key": key, "name": f"{key.capitalize()} Test", "role": role, "team": team}
    return {**told, "manager_id": manager_id, "active": True, "teams_id": normal_id(aad(key))}


def _providers(size: Size) -> Iterator[Row]:
    for number in _numbers(-(-size.units // UNITS_OF_A_PROVIDER)):
        yield {"org_number": f"556{number // 1000:03d}-{number % 1000:04d}", "name": f"Utförare {number}"}


def _units(size: Size) -> Iterator[Row]:
    for number in _numbers(size.units):
        yield {
            "key": f"E-{number}",
            "provider_id": -(-number // UNITS_OF_A_PROVIDER),
            "name": f"Enhet {number}",
            "form": FORMS[number % len(FORMS)],
            "ownership": "private",
        }


def _placements(size: Size) -> Iterator[Row]:
    for number in _numbers(size.placements):
        yield {
            "case_reference": f"AKT-{number:06d}",
            "unit_id": 1 if number <= size.largest else 1 + number % size.units,
            "starts": BEGAN,
            "legal_ground": "sol",
            "registered_at": HANDED_IN,
        }


def _owner(size: Size, placement_id: int) -> int:
    return size.managers + 1 + placement_id % size.workers


def owner_key(size: Size, placement_id: int) -> str:
    return f"w{_owner(size, placement_id) - size.managers}"


def _ownerships(size: Size) -> Iterator[Row]:
    for number in _numbers(size.placements):
        yield {
            "placement_id": number,
            "owner_id": _owner(size, number),
            "since": BEGAN,
            "recorded_at": HANDED_IN,
        }


def _september() -> Row:
    over = at("2026-11-02")
    times = {"opened_at": at("2026-10-01"), "deadline": at("2026-10-14"), "closes_at": over}
    return {"month": ASKED, "asks": True, "escalated_at": at("2026-10-15"), **times}


def _reports(size: Size, answers: Mapping[str, str]) -> Iterator[Row]:
    for number in _numbers(size.placements):
        yield reported(number, _owner(size, number), HANDED_IN, answers)


def reported(task_id: int, author_id: int, when: datetime, answers: Mapping[str, str] = STEADY) -> Row:
    return {
        "task_id": task_id,
        "version": 1,
        "form_version": "2",
        "answers": dict(answers),
        "by_statement": False,
        "concern": False,
        "author_id": author_id,
        "imported": False,
        "known_at": when,
        "recorded_at": when,
    }


def built(url: str, size: Size) -> Database:
    """The register in an empty database, sealed with a key of its own."""
    database = Database(url, Vault([new_key()]))
    schema.migrate(database)
    with database.transaction() as tx:
        scores.add_first_method(tx)
        fill(tx, size)
    return database


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale_register", description=__doc__)
    parser.add_argument("url", help="sqlite:///FILE or postgresql+psycopg://…")
    parser.add_argument("--placements", type=int, default=100_000)
    arguments = parser.parse_args()
    began = time.perf_counter()
    built(arguments.url, Size(arguments.placements)).close()
    spent = time.perf_counter() - began
    sys.stdout.write(f"{spent:.1f} s, {time.process_time():.1f} computing\n")


if __name__ == "__main__":
    main()
