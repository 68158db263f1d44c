"""The base levels are worked out once a year of all that was seen the year before, and adopted by somebody."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from typer.testing import CliRunner

from bot.clock import ManualClock
from bot.commands import command_line
from followup.risk.base_levels import Observed, next_base_levels, observed, proposal_day
from followup.risk.inputs import Inputs
from followup.risk.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG
from tests.support.builders import at
from tests.support.risk_builders import item, month, some_units, unit
from tests.support.risk_town import OWN, UnitFiles, klagomal, not_come, write_files
from tests.support.stage import SAY

POOR = {OWN: "inkommen", "Utförarens rapport kvalitet": "bristfällig"}
DAYS = [f"{number % 12 + 1:02d}-{number + 1:02d}" for number in range(19)]
DOCUMENTED = UnitFiles(
    "HVB",
    10,
    [*(klagomal(day, 2) for day in DAYS), klagomal("06-15", 2, **{"Samma händelse som": "S0"})],
    reports={**not_come(*range(1, 7)), 7: POOR},
    told_of=2,
)


class Town:
    """A municipality of one unit, read in on a day, at a terminal."""

    def __init__(self, tmp_path: Path) -> None:
        write_files(DOCUMENTED, tmp_path / "in")
        self.run("import", str(tmp_path / "in"), now="2027-01-19 12:00")

    def run(self, *words: str, now: str = "2027-01-21 12:00", fails: bool = False) -> str:
        done = CliRunner().invoke(command_line(ManualClock(at(now))), list(words))
        assert (done.exit_code != 0) == fails, done.output
        return done.output

    def shows(self, *words: str, now: str = "2027-01-21 12:00") -> Any:
        return json.loads(self.run(*words, "--json", now=now))


@pytest.fixture
def town(tmp_path: Path, var: Path) -> Town:
    return Town(tmp_path)


def test_the_documented_levels_for_2027_come_out_of_import_and_the_command(town: Town) -> None:
    found = town.shows("base-levels", "propose")
    old = {segment: str(level) for segment, level in FIRST_BASE_LEVELS.levels.items()}
    assert found["old"]["levels"] == {**old, "q": "0.05"}
    assert found["new"]["levels"] == {**old, "hvb": "0.268750", "q": "0.071875"}
    assert (found["new"]["id"], found["known_on"]) == ("bas-2027", "2027-01-21")
    assert found["units"] == 1
    assert "0,24 → 0,26875" in town.run("base-levels", "propose")


def test_adopted_levels_are_named_by_what_is_scored_from_then_on_and_earlier_scores_keep_theirs(
    town: Town,
) -> None:
    before = town.shows("risk", "E1")
    adopted = town.shows("base-levels", "adopt", "--by", "karin", "--reason", "Beslut i teamet.")
    assert (adopted["id"], adopted["valid_from"], adopted["decided_by"]) == (
        "bas-2027",
        "2027-01-21",
        "Karin Test",
    )
    after = town.shows("risk", "E1")
    assert (before["base_levels"], after["base_levels"]) == ("bas-2026", "bas-2027")
    assert after["E"] > before["E"]
    assert "bas-2027" in town.run("risk", "E1")
    assert town.shows("risk", "E1", "--as-of", "2027-01-20")["base_levels"] == "bas-2026"
    assert town.shows("base-levels") == adopted
    assert town.shows("check")["faults"] == []


@pytest.mark.parametrize("now", ["2027-01-21 12:05", "2027-12-31 12:00"])
def test_levels_do_not_change_within_the_year(town: Town, now: str) -> None:
    town.run("base-levels", "adopt", "--by", "karin", "--reason", "Beslut.")
    for words in (("propose",), ("adopt", "--by", "karin", "--reason", "En gång till.")):
        said = town.run("base-levels", *words, now=now, fails=True)
        assert SAY("base_levels.stand", version="bas-2027", year=2027) in said
    assert town.shows("base-levels", now=now)["id"] == "bas-2027"


@pytest.mark.parametrize(("now", "year"), [("2026-12-31 12:00", 2026), ("2027-01-20 12:00", 2027)])
def test_nothing_is_proposed_before_its_day(tmp_path: Path, town: Town, now: str, year: int) -> None:
    said = town.run("base-levels", "propose", now=now, fails=True)
    expected = {
        2026: SAY("base_levels.stand", version="bas-2026", year=2026),
        2027: SAY("base_levels.too_early", day=date(2027, 1, 21)),
    }
    assert expected[year] in said


def test_all_that_is_wrong_with_an_adoption_is_told_and_the_old_levels_hold(town: Town) -> None:
    said = town.run("base-levels", "adopt", "--by", "ingen", fails=True)
    assert "ingen" in said
    assert "--reason" in said
    assert town.shows("base-levels")["id"] == "bas-2026"


@pytest.mark.parametrize(
    ("deadline", "day"),
    [(None, "2027-01-21"), ("2027-01-19 08:00", "2027-01-21"), ("2027-02-03 08:00", "2027-02-03")],
)
def test_levels_are_proposed_on_21_january_or_when_decembers_deadline_has_passed(
    deadline: str | None, day: str
) -> None:
    assert proposal_day(2027, at(deadline) if deadline else None) == date.fromisoformat(day)


def next_levels(*units: Inputs) -> dict[str, Decimal]:
    found = next_base_levels(2027, date(2027, 1, 21), FIRST_BASE_LEVELS, FIRST_CONFIG, units)
    return {**found.levels, "q": found.per_report}


START = {**FIRST_BASE_LEVELS.levels, "q": FIRST_BASE_LEVELS.per_report}


@pytest.mark.parametrize(
    ("year", "points", "report_points"),
    [
        ([item(day="2026-01-05"), item("A-2", "2026-12-31", "3")], 5, 0),
        ([item(day="2025-12-31")], 0, 0),
        ([item(day="2026-02-01", event="A"), item("A-2", "2026-11-01", "1", event="A")], 2, 0),
        ([item(day="2025-12-20", weight="4", event="A"), item("A-2", "2026-01-02", "1", event="A")], 1, 0),
        ([item(day="2026-05-05", weight="0", zero_because="dismissed")], 0, 0),
        ([item(day="2026-05-31", weight="1", kind="provider_report_missing")], 0, 1),
    ],
    ids=["old as heavy as new", "the year before", "linked once", "linked within the year", "dismissed", "q"],
)
def test_points_of_the_twelve_months_count_whole(year: list[Any], points: int, report_points: int) -> None:
    found = observed(unit(*year))
    assert found == Observed(Fraction(points), Fraction(12), Fraction(report_points), 12)


def test_what_lies_before_coverage_is_neither_points_nor_exposure() -> None:
    items = (item(day="2026-06-30"), item("A-2", "2026-07-01"))
    assert observed(unit(*items, coverage="2026-07")) == Observed(Fraction(2), Fraction(6), Fraction(0), 6)
    assert observed(unit(*items, coverage=None)) == Observed()


def test_what_nobody_reported_on_is_seen_the_less() -> None:
    row = (month("2026-03", expected=2, missing=1, placements=2),)
    assert observed(unit(exposure=row)).seen == Fraction(17, 10)


def test_a_form_without_placements_and_a_municipalitys_own_keep_their_level() -> None:
    own = replace(unit(item()), segment="hem_barn_unga", base_levels=FIRST_BASE_LEVELS)
    assert next_levels(unit(item(), exposure=())) == START
    assert next_levels(own) == {**START, "q": next_levels(unit())["q"]}


@given(some_units())
def test_a_level_moves_towards_what_was_seen_and_never_past_it(inputs: Inputs) -> None:
    seen, old = observed(inputs), FIRST_BASE_LEVELS.levels[inputs.segment]
    new = next_levels(inputs)[inputs.segment]
    if not seen.seen:
        assert new == old
    else:
        rate, half = seen.points / seen.seen, Fraction(1, 2_000_000)
        low, high = sorted((rate, Fraction(old)))
        assert low - half <= Fraction(new) <= high + half
    others = {name: level for name, level in next_levels(inputs).items() if name not in (inputs.segment, "q")}
    assert others == {name: level for name, level in START.items() if name in others}
