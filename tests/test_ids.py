"""An id of one kind is never taken for another: mypy refuses it, and nothing asks for a bare number of one."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from followup import AlertId, FollowUpId, PersonId, PlacementId, RoundId, SignalId, TaskId, UnitId
from tests.support.rooms import ROOT, packages

if TYPE_CHECKING:
    from datetime import date, datetime

    from dialogs.turn import Turn
    from followup import AlertId, FollowUpId, PersonId, PlacementId, RoundId, SignalId, TaskId, UnitId
    from followup.alerts.alert import Alert
    from followup.people import Person, WhoAnswers
    from services.acting import Acting
    from services.alerts import ownership
    from services.follow_ups import steps
    from services.risk.scoring import rescore
    from services.views import signals as signal_views
    from storage.engine.database import Transaction
    from storage.month import reports, rounds
    from storage.register import people, placements, units

    def mypy_refuses_each_of_these(
        tx: Transaction,
        acting: Acting,
        turn: Turn,
        person: PersonId,
        unit: UnitId,
        placement: PlacementId,
        task: TaskId,
        signal: SignalId,
        alert: Alert,
        follow_up: FollowUpId,
        everyone: dict[PersonId, Person],
        day: date,
        now: datetime,
    ) -> None:
        """Never run: where mypy did not refuse one, its ignore would be one too many, and mypy says so."""
        people.by_id(tx, unit)  # type: ignore[arg-type]
        units.get(tx, person)  # type: ignore[arg-type]
        placements.get(tx, unit, day)  # type: ignore[arg-type]
        rounds.unanswered_after(tx, placement, day, 0, 1)  # type: ignore[arg-type]
        reports.save(tx, task, {}, by_statement=True, author_id=task, now=now)  # type: ignore[arg-type]
        rescore(tx, alert.id, now)  # type: ignore[arg-type]
        ownership.take(acting, signal)  # type: ignore[arg-type]
        ownership.take(acting, 7)  # type: ignore[arg-type]
        steps.held(acting, alert.id)  # type: ignore[arg-type]
        signal_views.signal(acting, task)  # type: ignore[arg-type]
        WhoAnswers(everyone, (), day).of(unit, None)  # type: ignore[arg-type]
        alert.in_hand({alert.unit_id})  # type: ignore[arg-type]
        everyone[unit]  # type: ignore[index]
        at_once: AlertId | None = turn.press.id("signal", SignalId)  # type: ignore[assignment]
        later: RoundId = follow_up  # type: ignore[assignment]
        del at_once, later


# What the ids of `followup` are called where something asks for one or has one.
_NAMED = (
    "person owner author manager worker substitute colleague giver unit placement round task signal alert"
)
_IDS = re.compile(rf"(\w+_)?({'|'.join(_NAMED.split())}|follow_up|action|cycle)(_ids?)?")


def bare_numbers(source: str) -> Iterator[str]:
    """The parameters, fields and variables that are named as an id, or several, and are said to be whole numbers."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as said):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), annotation=said):
                pass
            case _:
                continue
        if _IDS.fullmatch(name) and re.search(r"\bint\b", ast.unparse(said)):
            yield f"{name}: {ast.unparse(said)}"


@pytest.mark.parametrize("package", packages())
def test_nothing_asks_for_a_whole_number_where_an_id_is_meant(package: str) -> None:
    files = [file for file in (ROOT / package).rglob("*.py") if "migrations" not in file.parts]
    found = {str(file.relative_to(ROOT)): list(bare_numbers(file.read_text())) for file in files}
    assert {file: named for file, named in found.items() if named} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def take(acting: Acting, alert_id: int) -> None: ...", ["alert_id: int"]),
        ("def given(*, new_owner_id: int | None = None) -> None: ...", ["new_owner_id: int | None"]),
        ("class Told:\n    task_ids: tuple[int, ...]", ["task_ids: tuple[int, ...]"]),
        ("def score(unit: int, number: int) -> None: ...", ["unit: int"]),
        ("def take(acting: Acting, alert_id: AlertId, most: int) -> None: ...", []),
        ("class Counted:\n    alerts: int\n    placements: int", []),
    ],
)
def test_a_bare_number_is_found_by_its_name(source: str, found: list[str]) -> None:
    assert list(bare_numbers(source)) == found
