"""A score as of an earlier day: what was known and registered then, and a word where nobody can tell any more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.clock import ManualClock
from bot.commands import command_line
from followup import PersonId, PlacementId, SignalId, UnitId
from services.risk.alerting import event_alerts_by
from services.risk.earlier_days import can_be_read, notes
from services.risk.scoring import RiskReading, read_as_of
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.engine.tables import placement, score, unit
from storage.register import units
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.risk_town import UnitFiles, avvikelse, write_files
from tests.support.scored import scored_at_once

THEN, NOW = date(2026, 11, 10), at("2026-11-20 09:00")
SERIOUS = {
    "kind": "deviation",
    "occurred": "happened",
    "cause": "provider",
    "source": "child",
    "consequence": "4",
}


@dataclass
class House:
    """A HVB with two placements that was scored at noon on the day that is asked about."""

    tx: Transaction
    register: Register
    unit: UnitId
    placements: list[PlacementId]

    def serious(self, now: datetime, *, known: datetime | None = None) -> int:
        answers = {**SERIOUS, "event_on": str((known or now).date())}
        found = signals.save(
            self.tx,
            answers,
            unit_id=self.unit,
            placement_id=None,
            task_id=None,
            author_id=PersonId(1),
            now=known or now,
        )
        scored_at_once(self.tx, self.unit, now)
        return found.id

    def then(self, day: date = THEN) -> RiskReading:
        return read_as_of(self.tx, units.get(self.tx, self.unit), day, NOW)

    def told(self, day: date = THEN) -> list[str]:
        reading = self.then(day)
        return [one.id for one in notes(self.tx, self.unit, reading.inputs, reading.score, NOW)]

    def alerts(self, day: date = THEN) -> list[str | None]:
        return [one.number for one in event_alerts_by(self.tx, self.unit, day)]

    def change(self, table: Any, row: int, **values: object) -> None:
        self.tx.connection.execute(update(table).where(table.c.id == row).values(**values))


@pytest.fixture
def house(tx: Transaction) -> House:
    register = Register(tx)
    worker = register.person()
    register.person("karin", "quality")
    register.measured()
    unit_id = register.unit("E")
    placed = [register.placement(worker, unit_id) for _ in range(2)]
    made = House(tx, register, unit_id, placed)
    scored_at_once(tx, unit_id, at("2026-11-10 12:00"))
    return made


def test_an_alert_raised_later_is_not_one_of_the_day(house: House) -> None:
    house.serious(at("2026-11-10 13:00"))
    house.serious(at("2026-11-12 10:00"))
    assert house.alerts() == ["L-1"]
    assert house.alerts(date(2026, 11, 9)) == []
    assert house.alerts(NOW.date()) == ["L-1", "L-2"]


def test_history_read_in_later_gives_the_alert_that_it_would_have_given_that_day(house: House) -> None:
    house.serious(at("2026-11-15 10:00"), known=at("2026-11-03 23:00"))
    assert [one.raised_at.date() for one in alerts.of_unit(house.tx, house.unit)] == [date(2026, 11, 15)]
    assert house.alerts() == [None]
    assert house.alerts(date(2026, 11, 2)) == []
    assert house.then().judgement.band == "red"


def test_a_decision_made_later_does_not_lift_the_floor_of_the_day(house: House) -> None:
    signal_id = SignalId(house.serious(at("2026-08-20 10:00")))
    decided = at("2026-11-15 10:00")
    signals.revise(
        house.tx, signal_id, {"decided": True}, reason="Beslut.", author_id=PersonId(1), now=decided
    )
    scored_at_once(house.tx, house.unit, decided)
    assert house.then().judgement.floor.band == "red"
    assert house.then(NOW.date()).judgement.floor.band is None


def test_a_form_or_a_placement_registered_later_changes_nothing_of_the_day(house: House) -> None:
    before = house.then()
    house.change(unit, house.unit, form="oppenvard")
    house.change(placement, house.placements[0], ends=date(2026, 10, 1), end_reason="moved_for_quality")
    house.register.placement(PersonId(1), house.unit, starts="2026-09-01")
    assert house.then() == before
    assert house.told() == []
    assert house.then(NOW.date()).inputs.segment == "oppenvard"


def test_the_form_is_the_one_of_the_last_score_where_the_day_has_none(house: House) -> None:
    house.change(unit, house.unit, form="oppenvard")
    scored_at_once(house.tx, house.unit, at("2026-11-15 12:00"))
    assert house.then(date(2026, 11, 12)).inputs.segment == "hvb"
    assert house.then(date(2026, 11, 16)).inputs.segment == "oppenvard"


def test_a_day_without_a_score_of_its_own_says_that_the_register_does_not_tell(house: House) -> None:
    assert house.told(date(2026, 11, 12)) == ["risk.then.register"]
    assert house.told(NOW.date()) == []


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        ({"method": "risk-1"}, "risk.then.method"),
        ({"inputs": "{}"}, "risk.then.unexplained"),
        ({"r": 9.0}, "risk.then.unexplained"),
    ],
)
def test_a_score_that_cannot_be_explained_any_more_says_so(
    house: House, tampered: Mapping[str, object], said: str
) -> None:
    [number] = house.tx.connection.scalars(
        score.select().with_only_columns(score.c.id).where(score.c.as_of == THEN)
    )
    house.change(score, number, **tampered)
    assert house.told() == [said]


def test_history_that_makes_the_score_another_is_said(house: House) -> None:
    house.serious(at("2026-11-15 10:00"), known=at("2026-11-03 23:00"))
    assert house.told() == ["risk.then.differs"]


def test_a_unit_that_has_become_own_is_read_as_of_the_days_before(house: House) -> None:
    house.change(unit, house.unit, form="kommunens_familjehem")
    own = units.get(house.tx, house.unit)
    assert can_be_read(house.tx, own, THEN, NOW)
    assert house.then().inputs.segment == "hvb"
    assert not can_be_read(house.tx, own, NOW.date(), NOW)
    assert not can_be_read(house.tx, own, date(2020, 1, 1), NOW)


def test_a_day_to_come_is_refused(house: House) -> None:
    with pytest.raises(ValueError, match="2026-11-21"):
        house.then(date(2026, 11, 21))


@pytest.mark.usefixtures("var")
@pytest.mark.parametrize("words", [("E1",), ("--all",), ("E1", "--json")])
def test_the_command_refuses_a_day_to_come_and_takes_today(words: tuple[str, ...], tmp_path: Path) -> None:
    write_files(UnitFiles("HVB"), tmp_path / "in")
    cli = command_line(ManualClock(at("2027-01-01 12:00")))
    assert CliRunner().invoke(cli, ["import", str(tmp_path / "in")]).exit_code == 0
    refused = CliRunner().invoke(cli, ["risk", *words, "--as-of", "2027-01-02"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "2 januari 2027 har inte varit än" in refused.stderr
    assert CliRunner().invoke(cli, ["risk", *words, "--as-of", "2027-01-01"]).exit_code == 0


@pytest.mark.usefixtures("var")
def test_the_command_tells_of_an_alert_that_history_would_have_raised(tmp_path: Path) -> None:
    write_files(UnitFiles("HVB", signals=[avvikelse("12-05", 4)]), tmp_path / "in")
    cli = command_line(ManualClock(at("2027-01-01 12:00")))
    assert CliRunner().invoke(cli, ["import", str(tmp_path / "in")]).exit_code == 0

    def shown(*words: str) -> str:
        done = CliRunner().invoke(cli, ["risk", "E1", "--as-of", "2026-12-20", *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    [alert] = json.loads(shown("--json"))["event_alerts"]
    assert (alert["number"], alert["raised"]) == (None, None)
    assert f"hade höjt ett larm den dagen ({alert['episode']})" in shown()
    assert "registret visar bara hur placeringarna är nu" in shown()
