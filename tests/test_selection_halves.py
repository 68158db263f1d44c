"""A selection for each half of the year: its dates, frame, files and reminders, and what stays as it was for a year."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.settings import WrongSettingsError, read_settings
from followup.access.municipality import Municipality
from followup.selection.cycle import NAMES, YEARLY, name_problem, names_before, part_of
from followup.selection.selection_frame import canonical_frame, frame_hash, parameter_problems, read_frame
from followup.times.deadlines import YearDates, due_notices
from services.follow_ups.overdue import LateSelection, late_selection
from services.selection.selection_state import has_passed, state_of
from storage.engine.database import Database, Transaction
from storage.selection import selections
from tests.support.builders import at
from tests.support.selection_builders import EXAMPLE, EXAMPLE_HASH, fill_town, frame
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat, Client
from tests.test_commands import Shell
from tests.test_selection_commands import FREEZE, done, town

HALVES = YearDates(halves=True)
__all__ = ["town"]


@pytest.mark.parametrize(
    ("today", "told"),
    [
        ("2027-01-30", ["proposal 1 2027-03-01 30"]),
        (
            "2027-08-31",
            ["proposal 2 2027-09-01 7", "follow_ups_done 1 2027-08-31 0", "draft 0 2027-09-15 30"],
        ),
        (
            "2027-09-01",
            ["proposal 2 2027-09-01 0", "follow_ups_done 1 2027-08-31 0", "draft 0 2027-09-15 30"],
        ),
        ("2027-12-15", ["follow_ups_done 2 2027-12-15 0"]),
    ],
)
def test_each_half_has_its_own_dates_and_the_report_stays_the_years(today: str, told: list[str]) -> None:
    due = due_notices(date.fromisoformat(today), HALVES)
    assert [f"{one.occasion} {one.part} {one.due} {one.days}" for one in due] == told


@pytest.mark.parametrize(
    ("name", "before"),
    [
        (YEARLY, ((2026, "half-2"), (2026, YEARLY))),
        ("half-1", ((2026, "half-2"), (2026, YEARLY))),
        ("half-2", ((2027, "half-1"), (2027, YEARLY))),
        ("hösten", ((2026, "half-2"), (2026, YEARLY))),
    ],
)
def test_a_selection_is_compared_with_the_ordinary_one_before_it_also_where_the_cycle_was_changed(
    name: str, before: tuple[tuple[int, str], ...]
) -> None:
    assert names_before(2027, name) == before


def test_only_the_selections_of_the_cycle_are_frozen_and_extra_ones_always() -> None:
    for dates, allowed in ((YearDates(), {YEARLY}), (HALVES, {"half-1", "half-2"})):
        assert {name for name in NAMES if name_problem(name, dates.parts) is None} == allowed
        assert name_problem("hösten", dates.parts) is None


def test_the_frame_says_which_half_it_is_of_and_a_years_frame_has_the_hash_that_it_had() -> None:
    assert frame_hash(EXAMPLE) == EXAMPLE_HASH
    of_half = [frame(*EXAMPLE.rows, half=half) for half in (1, 2)]
    assert len({EXAMPLE_HASH, *map(frame_hash, of_half)}) == 3
    assert all(read_frame(canonical_frame(one)) == one for one in of_half)
    assert parameter_problems(replace(EXAMPLE.parameters, half=3))
    assert parameter_problems(replace(EXAMPLE.parameters, half=-1))


@pytest.fixture
def chat(database: Database) -> Chat:
    return in_march(database)


@told_once
def in_march(database: Database) -> Chat:
    with database.transaction() as tx:
        fill_town(tx)
    return Chat(database, at("2026-03-02 12:00"), municipality=Municipality(year=HALVES))


def frozen(chat: Chat, **typed: str) -> Client:
    karin = chat.client("karin")
    karin.say("urval")
    karin.press(SAY("selection.freeze"))
    karin.press(SAY("selection.freeze.send"), {"public_value_name": "Lotto", **typed})
    return karin


def taken(chat: Chat, button: str, typed: dict[str, str] | None = None) -> None:
    karin = chat.client("karin")
    karin.press(SAY(f"selection.{button}"))
    karin.press(SAY(f"selection.{button}.send"), typed)


def test_in_chat_two_selections_a_year_follow_each_other_and_the_second_is_compared_with_the_first(
    chat: Chat,
) -> None:
    karin = frozen(chat)
    assert "Urvalet för första halvåret 2026" in karin.words
    taken(chat, "draw", {"public_value": "1 2 3"})
    taken(chat, "lock")
    chat.now = at("2026-09-01 12:00")
    karin = frozen(chat, half="2")
    assert "Urvalet för andra halvåret 2026" in karin.words
    taken(chat, "draw", {"public_value": "4 5 6"})
    karin.press(SAY("selection.changes"))
    assert SAY("selection.doc.stayed", n=3) in karin.words or "är med båda gångerna" in karin.words
    with chat.database.transaction() as tx:
        first, second = selections.of_year(tx, 2026)
        assert [part_of(one.name) for one in (first, second)] == [1, 2]
        assert '"half":2' in second.frame
        assert state_of(tx, second).before == first


def test_in_chat_no_half_is_asked_for_where_the_cycle_is_a_year(database: Database) -> None:
    with database.transaction() as tx:
        fill_town(tx)
    karin = Chat(database, at("2026-03-02 12:00")).client("karin")
    karin.say("urval")
    karin.press(SAY("selection.freeze"))
    assert SAY("selection.half") not in karin.words


def test_the_same_half_is_frozen_once(chat: Chat) -> None:
    frozen(chat, half="1")
    chat.client("karin").forge(
        "freeze_selection",
        {},
        {
            "year": "2026",
            "half": "1",
            "public_value_name": "Ett annat",
            "largest": "coverage",
            "largest_number": "50",
            "n_risk": "5",
            "n_spot_general": "1",
            "n_spot_risk": "1",
            "lots": "one",
        },
    )
    assert "Ramen för urvalet för första halvåret 2026 är redan fryst" in chat.client("karin").words
    with chat.database.transaction() as tx:
        assert len(selections.of_year(tx, 2026)) == 1


def test_what_is_late_and_what_has_passed_is_of_its_half(chat: Chat) -> None:
    def late(tx: Transaction, day: str) -> LateSelection | None:
        return late_selection(tx, HALVES, date.fromisoformat(day))

    with chat.database.transaction() as tx:
        assert late(tx, "2026-03-01") is None
        assert SAY.write(found.of) == "första halvåret 2026" if (found := late(tx, "2026-03-02")) else False
        assert SAY.write(found.of) == "andra halvåret 2026" if (found := late(tx, "2026-09-02")) else False
    frozen(chat, half="1")
    taken(chat, "draw", {"public_value": "1 2 3"})
    with chat.database.transaction() as tx:
        assert late(tx, "2026-03-02") is None
        assert (has_passed(tx, "proposal", 2026, 1), has_passed(tx, "proposal", 2026, 2)) == (True, False)


def test_the_command_line_makes_a_half_years_selection_and_names_its_files(
    town: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPPFOLJAREN_LOCAL", "true")
    monkeypatch.setenv("UPPFOLJAREN_SELECTION_CYCLE", "half-year")
    refused = town.run(*FREEZE)
    assert refused.exit_code == 1, refused.output
    assert "Ange vilket: 1 eller 2" in refused.output
    done(town, *FREEZE, "--half", "2", "--out", "ram.json")
    assert json.loads(Path("ram.json").read_text("utf-8"))["parameters"]["half"] == 2
    printed = done(town, "selection", "show", "--half", "2", "--out", "ut")
    assert "urvalet för andra halvåret 2026" in printed
    assert Path("ut/urval-2026-halvår-2-ram.json").read_bytes() == Path("ram.json").read_bytes()
    assert Path("ut/urval-2026-halvår-2.docx").exists()


def test_a_half_is_refused_where_the_cycle_is_a_year(town: Shell) -> None:
    refused = town.run(*FREEZE, "--half", "1")
    assert refused.exit_code == 1
    assert "för hela året, inte för halvår" in refused.output
    assert "inte båda" in town.run(*FREEZE, "--half", "1", "--name", "hösten").output


def test_the_settings_give_the_cycle_and_refuse_dates_that_do_not_follow_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read_settings(local=True).times.year == YearDates()
    monkeypatch.setenv("UPPFOLJAREN_SELECTION_CYCLE", "half-year")
    assert read_settings(local=True).times.year == HALVES
    monkeypatch.setenv("UPPFOLJAREN_SELECTION_SECOND_PROPOSAL", "2,1")
    with pytest.raises(WrongSettingsError, match="halvårens dagar"):
        read_settings(local=True)
