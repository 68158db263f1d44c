"""The newest that is known of a plan: what a report said, else the register, the same wherever it is told."""

from datetime import date

import pytest
from sqlalchemy import update

from followup import PersonId, PlacementId
from followup.month.plans import newest_state
from followup.times.month import Month
from storage.engine.database import Transaction
from storage.engine.tables import placement
from storage.month import plans, reports, rounds
from tests.support.builders import Register, at


@pytest.mark.parametrize(
    ("register", "said", "state"),
    [
        (None, [], None),
        ("on_file", [], "on_file"),
        ("missing", [], "missing"),
        ("not_applicable", [], "not_applicable"),
        ("on_file", ["missing"], "missing"),
        ("missing", ["current"], "on_file"),
        ("missing", ["needs_review"], "on_file"),
        (None, ["missing", "current"], "on_file"),
        ("on_file", ["missing", None], "missing"),
        ("missing", [None], "missing"),
    ],
)
def test_what_was_reported_last_goes_before_the_register(
    register: str | None, said: list[str | None], state: str | None
) -> None:
    reports = [{"care_plan": one} if one else {} for one in said]
    assert newest_state("care_plan", register, reports) == state


def test_a_report_about_a_later_month_or_known_later_does_not_count(tx: Transaction) -> None:
    register = Register(tx)
    anna = register.person("anna")
    placed = register.placement(anna, register.unit("HEM"))
    tx.connection.execute(update(placement).values(care_plan="on_file"))
    _said(tx, placed, anna, Month(2026, 9), {"care_plan": "missing"})
    _said(tx, placed, anna, Month(2026, 10), {"care_plan": "current"})

    def known(month: int, day: str) -> str | None:
        return plans.states(tx, [placed], Month(2026, month), at(day))[placed]["care_plan"]

    assert known(10, "2026-10-04") == "on_file"
    assert known(10, "2026-10-06") == "missing"
    assert known(9, "2026-11-06") == "missing"
    assert known(10, "2026-11-06") == "on_file"


def test_what_was_said_long_ago_is_the_newest_where_nobody_has_said_anything_since(tx: Transaction) -> None:
    register = Register(tx)
    anna = register.person("anna")
    placed = register.placement(anna, register.unit("HEM"))
    _said(tx, placed, anna, Month(2025, 10), {"care_plan": "missing", "treatment_plan": "missing"})
    for number in range(1, 11):
        _said(tx, placed, anna, Month(2026, number), {"treatment_plan": "current"} if number == 2 else {})

    found = plans.states(tx, [placed], Month(2026, 10), at("2026-12-01"))

    assert found[placed] == {"care_plan": "missing", "treatment_plan": "on_file"}


def _said(
    tx: Transaction, placed: PlacementId, author: PersonId, month: Month, answers: dict[str, str]
) -> None:
    """A report of the fifth of the month after."""
    day, last = month.next.first, month.next.first.replace(day=14)
    opened = rounds.open_round(tx, month, at(str(day)), at(str(last)), at("2026-12-01"))
    rounds.add_task(tx, opened.id, placed)
    [task] = rounds.tasks(tx, [opened.id], date(2026, 12, 1))
    now = at(f"{day.replace(day=5)} 10:00")
    reports.save(tx, task.id, answers, by_statement=False, author_id=author, now=now)
