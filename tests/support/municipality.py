"""A small municipality with a September behind it: Anna with three placements and Bilal with two."""

from followup.month.report import with_ordinary
from followup.times.month import Month
from storage.engine.database import Database, Transaction
from storage.month import reports, rounds
from tests.support.builders import Register, at
from tests.support.told_once import told_once

STEADY = with_ordinary({"goal_progress": "partly"})
CASES = ("AKT-1", "AKT-2", "AKT-3", "AKT-4", "AKT-5")


@told_once
def settle(database: Database) -> None:
    with database.transaction() as tx:
        fill(tx)


def fill(tx: Transaction) -> None:
    """Every placement has a steady report for September; Maria is the chief and Karin the quality team."""
    register = Register(tx)
    maria = register.person("maria", "manager")
    register.person("karin", "quality")
    anna = register.person("anna", manager_id=maria)
    bilal = register.person("bilal", manager_id=maria)
    north, south = register.unit("NORR", name="Norrgården"), register.unit("SYD", name="Södergården")
    where = [(anna, north), (anna, north), (anna, south), (bilal, south), (bilal, south)]
    placed = [
        register.placement(owner, unit, case=case) for case, (owner, unit) in zip(CASES, where, strict=True)
    ]
    september = rounds.open_round(tx, Month(2026, 9), at("2026-10-01"), at("2026-10-14"), at("2026-11-02"))
    for placement_id in placed:
        rounds.add_task(tx, september.id, placement_id)
    for task in rounds.tasks(tx, [september.id], at("2026-10-05").date()):
        reports.save(tx, task.id, STEADY, by_statement=False, author_id=anna, now=at("2026-10-05"))
