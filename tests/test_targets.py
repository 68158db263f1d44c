"""What the municipality aims at stands beside the figure: in läge, on the desk, and in the report, by its settings."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from bot.settings import WrongSettingsError, read_settings
from dialogs.overview.targets import target_sentence
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.access.targets import MEASURES, AgainstTarget, Targets
from followup.times.month import Month
from services.views.targets import against_targets, in_time
from storage.engine.database import Database, Transaction
from storage.month import reports, rounds
from tests.support.builders import Register, at
from tests.support.deeds import acting_as
from tests.support.municipality import STEADY
from tests.support.turns import SAY, Chat
from texts.catalogue import Texts

NOW = at("2026-11-20 09:00")
DEADLINE, CLOSES = at("2026-10-14 17:00"), at("2026-11-13 17:00")
# When each of the five is answered; Bilal's is the fourth, and the last is never answered.
ANSWERED = ("2026-10-05", "2026-10-14", "2026-10-15", "2026-10-20", None)
ON_FILE = {"care_plan": "current", "treatment_plan": "missing"}
LATE = "report.recorded_at > round.deadline"


def fill(tx: Transaction) -> None:
    register = Register(tx)
    maria, other = register.person("maria", "manager"), register.person("malin", "manager")
    register.person("karin", "quality")
    anna, bilal = register.person("anna", manager_id=maria), register.person("bilal", manager_id=other)
    unit = register.unit("NORR")
    of = [register.placement(bilal if n == 3 else anna, unit, case=f"AKT-{n}") for n in range(5)]
    september = rounds.open_round(tx, Month(2026, 9), at("2026-10-01"), DEADLINE, CLOSES)
    for one in of:
        rounds.add_task(tx, september.id, one)
    # Asked, and not over: it is measured in time by nobody yet.
    october = rounds.open_round(tx, Month(2026, 10), at("2026-11-02"), at("2026-11-13"), at("2026-12-14"))
    rounds.add_task(tx, october.id, of[0])
    tasks = {one.placement.id: one for one in rounds.tasks(tx, [september.id], date(2026, 10, 5))}
    for placement_id, day in zip(of, ANSWERED, strict=True):
        if day:
            answers = {**STEADY, **ON_FILE}
            reports.save(
                tx,
                tasks[placement_id].id,
                answers,
                by_statement=False,
                author_id=anna,
                now=at(f"{day} 12:00"),
            )


@pytest.fixture
def town(database: Database) -> Database:
    with database.transaction() as tx:
        fill(tx)
    return database


def counted(tx: Transaction, key: str, **targets: int) -> dict[str, tuple[int, int]]:
    municipality = replace(USUAL_MUNICIPALITY, targets=Targets(**targets))
    acting = replace(acting_as(tx, key, NOW), municipality=municipality)
    return {one.measure: (one.part, one.whole) for one in against_targets(acting)}


def test_what_came_after_the_last_day_is_in_and_not_in_time_for_all_and_for_each_managers_own(
    town: Database,
) -> None:
    with town.transaction() as tx:
        in_all = tx.connection.execute(
            text(
                "select count(*) from report_task join round on round.id = round_id"
                " join report on report.task_id = report_task.id and version = 1"
                f" where month = '2026-09' and not ({LATE})"
            )
        ).scalar_one()
        assert counted(tx, "karin") == {"in_time": (in_all, 5)} == {"in_time": (2, 5)}
        # One missing plan of each of her three that are answered, and nothing is said of the fifth's two.
        assert counted(tx, "maria") == {"in_time": (2, 4), "plans": (3, 6)}
        assert counted(tx, "malin") == {"in_time": (0, 1), "plans": (1, 2)}
        assert counted(tx, "anna") == {}
        assert counted(tx, "maria", in_time=0) == {"plans": (3, 6)}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_figure_stands_with_the_target_and_whether_it_is_reached(town: Database, language: str) -> None:
    say = Texts(language)
    with town.transaction() as tx:
        tx.connection.execute(text("update person set language = :to"), {"to": language})
        found = in_time(acting_as(tx, "karin", NOW))
        assert found is not None
        said = target_sentence(found, say)
    assert say("target.not_reached", target=90) in said
    assert "40\u00a0%" in said
    for key, words in (("karin", ("läge", "mitt")), ("maria", ("läge", "mitt"))):
        client = Chat(town, now=NOW).client(key)
        for word in words:
            client.say(word if language == "sv" else {"läge": "status", "mitt": "to do"}[word])
            assert say("target.not_reached", target=90) in client.words, (key, word)


@pytest.mark.parametrize(
    ("part", "whole", "target", "reached"),
    [(9, 10, 90, True), (89, 100, 90, False), (896, 1000, 90, False), (1, 1, 100, True), (0, 7, 1, False)],
)
def test_a_target_is_reached_by_the_exact_share(part: int, whole: int, target: int, *, reached: bool) -> None:
    one = AgainstTarget("plans", part, whole, target)
    assert one.is_reached == reached
    said = SAY("target.reached" if reached else "target.not_reached", target=target)
    assert target_sentence(one, SAY).endswith(said)


def test_the_settings_say_the_targets_and_refuse_what_is_no_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    for measure, value in zip(MEASURES, ("85", "0", "99"), strict=True):
        monkeypatch.setenv(f"UPPFOLJAREN_TARGET_{measure.upper()}", value)
    assert read_settings(local=True).as_municipality.targets == Targets(85, 0, 99)
    monkeypatch.setenv("UPPFOLJAREN_TARGET_PLANS", "101")
    with pytest.raises(WrongSettingsError, match="UPPFOLJAREN_TARGET_PLANS"):
        read_settings(local=True)
