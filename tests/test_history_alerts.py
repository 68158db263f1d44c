"""What history that is read in brings: every alert is there, and the team is told of all in one message."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.registering import import_files
from followup import UnitId
from followup.times.month import Month
from services.conversations import choose_channel
from services.risk.reading_beside import ReadBeside
from services.risk.scoring import rescore
from services.risk.scoring_history import read_next, score_next
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.engine.tables import person, score
from storage.imports import imports
from storage.messages import conversations
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from tests.support.builders import aad, at
from tests.support.builders_register import write_csv
from tests.support.deeds import acting
from tests.support.turns import CHANNEL, SAY, SERVICE, SLAP, Chat, Shown

NOW = "2026-11-23 09:00"
LATER = at("2026-11-23 12:00")
BAD = [f"{year}-{month:02d}-10" for year, months in ((2025, (12,)), (2026, range(1, 11))) for month in months]
UNITS = {"E1": "Ekhemmet", "E2": "Asphemmet", "E3": "Lindhemmet"}
# A serious event of each home, by its day: of the spring, of October, of November.
SERIOUS = {"E1": "2026-03-02", "E2": "2026-10-30", "E3": "2026-11-20"}


def write(directory: Path, complaints: Iterable[str] = ("E1", "E2")) -> None:
    """Three homes with three children each; two of them have had a complaint each month."""
    directory.mkdir(exist_ok=True)
    files: dict[str, list[Mapping[str, str]]] = {
        "personer": [
            {"Signatur": "maria", "Namn": "Maria Test", "Roll": "chef"},
            {"Signatur": "karin", "Namn": "Karin Test", "Roll": "kvalitetsteam", "Chef": "maria"},
            {"Signatur": "anna", "Namn": "Anna Test", "Roll": "socialsekreterare", "Chef": "maria"},
        ],
        "utforare": [{"Organisationsnummer": "559900-1236", "Utförare": "Utföraren"}],
        "enheter": [
            {
                "Enhetskod": key,
                "Enhet": name,
                "Organisationsnummer": "559900-1236",
                "Form": "HVB",
                "Regi": "privat",
            }
            for key, name in UNITS.items()
        ],
        "placeringar": [
            {
                "Aktreferens": f"AKT-{key}{number}",
                "Enhetskod": key,
                "Från": "2024-01-01",
                "Lagrum": "SoL",
                "Ansvarig": "anna",
            }
            for key in UNITS
            for number in range(3)
        ],
    }
    told = [(key, "avvikelse", day, "4") for key, day in SERIOUS.items()]
    told += [(key, "klagomål", day, "3") for key in complaints for day in BAD]
    files["signaler"] = [
        {"Signalnummer": f"S{at}", "Enhetskod": key, "Typ": kind, "Händelsedatum": day, "Konsekvens": grade}
        for at, (key, kind, day, grade) in enumerate(told)
    ]
    for name, rows in files.items():
        write_csv(directory / f"{name}.csv", rows)


@pytest.fixture
def chat(database: Database, tmp_path: Path) -> Chat:
    write(tmp_path / "files")
    with database.transaction() as tx:
        conversations.remember(tx, Address(CHANNEL, SERVICE), at("2026-10-01"), channel=QUALITY_CHANNEL)
    import_files(database, [tmp_path / "files"], at(NOW))
    made = Chat(database, at(NOW))
    made.deliver()
    return made


def in_channel(chat: Chat, kind: str) -> list[Shown]:
    return [one for one in chat.client("karin", channel=True).shown if one.kind == kind]


def test_every_alert_is_there_and_the_team_is_told_of_those_of_history_in_one_message(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        found = alerts.open_alerts(tx)
    by_kind = sorted((one.kind, one.import_id is not None) for one in found)
    assert by_kind == [("band", True), ("band", True), ("event", False), ("event", False), ("event", True)]
    [told] = in_channel(chat, "history")
    assert SAY("alerts.history.about", n=3, day=at(NOW).date(), first=Month(2025, 12)) in told.words
    for one in found:
        assert (f"{one.number}:" in told.words) == (one.import_id is not None)
    assert "Nivån är röd sedan 28 februari 2026." in told.words, "since when a home is red"


def test_a_serious_event_of_this_month_or_the_last_is_still_told_by_itself(chat: Chat) -> None:
    alone = [one.words for one in in_channel(chat, "alert")]
    assert sorted(name for name in UNITS.values() for words in alone if name in words) == [
        "Asphemmet",
        "Lindhemmet",
    ]


def test_what_nobody_takes_of_it_is_said_again_in_one_message_too(chat: Chat) -> None:
    chat.wake("2026-11-26 09:00")
    assert len(in_channel(chat, "history_again")) == 1
    assert len(in_channel(chat, "alert_again")) == 2
    [told] = [one for one in chat.client("maria").shown if one.kind == "history_again"]
    assert "L-1" in told.words
    chat.wake("2026-11-30 09:00")
    assert len(in_channel(chat, "history_again")) == 1


def test_the_same_files_once_more_say_nothing_and_a_home_that_newer_ones_make_red_is_one_message_more(
    chat: Chat, tmp_path: Path
) -> None:
    import_files(chat.database, [tmp_path / "files"], at("2026-11-23 10:00"))
    chat.deliver()
    assert len(in_channel(chat, "history")) == 1
    write(tmp_path / "files", complaints=("E1", "E2", "E3"))
    import_files(chat.database, [tmp_path / "files"], at("2026-11-23 11:00"))
    chat.now = at("2026-11-23 11:00")
    chat.deliver()
    assert len(in_channel(chat, "history")) == 2
    assert "Lindhemmet" in in_channel(chat, "history")[-1].words
    assert "Ekhemmet" not in in_channel(chat, "history")[-1].words


def test_nothing_is_said_of_it_before_all_has_been_read(chat: Chat, tmp_path: Path) -> None:
    write(tmp_path / "files", complaints=("E1", "E2", "E3"))
    with pytest.raises(KeyboardInterrupt):
        import_files(chat.database, [tmp_path / "files"], at("2026-11-23 11:00"), scored=interrupted)
    chat.deliver()
    with chat.database.transaction() as tx:
        assert imports.unscored(tx)
    assert len(in_channel(chat, "history")) == 1
    with chat.database.transaction() as tx:
        while score_next(tx, at("2026-11-23 12:00")):
            pass
    chat.now = at("2026-11-23 12:00")
    chat.deliver()
    assert len(in_channel(chat, "history")) == 2


def test_a_channel_that_is_chosen_meanwhile_is_told_of_it_once_when_all_has_been_read(
    database: Database, tmp_path: Path
) -> None:
    write(tmp_path / "files")
    with pytest.raises(KeyboardInterrupt):
        import_files(database, [tmp_path / "files"], at(NOW), scored=interrupted)
    with acting(database, "karin", at(NOW)) as karin:
        while not [one for one in alerts.open_alerts(karin.tx) if one.import_id]:
            assert score_next(karin.tx, at(NOW))
        assert choose_channel(karin, CHANNEL, SERVICE) is True
    chat = Chat(database, at(NOW))
    chat.deliver()
    assert in_channel(chat, "history") == []
    with database.transaction() as tx:
        while score_next(tx, LATER):
            pass
    chat.now = LATER
    chat.deliver()
    [told] = in_channel(chat, "history")
    assert ("Ekhemmet" in told.words, "Asphemmet" in told.words) == (True, True)


def interrupted(done: int, total: int) -> None:
    raise KeyboardInterrupt


def score_all(tx: Transaction, until: Callable[[Transaction], ReadBeside | None]) -> list[dict[str, Any]]:
    """What is stored of each reading, when each has been read as given; nothing of it stays."""
    with tx.connection.begin_nested() as tried:
        while score_next(tx, LATER, until(tx)):
            pass
        # A number that was given out is not given out again on PostgreSQL, though what got it was undone.
        columns = [column for column in score.c if column is not score.c.id]
        stored = [dict(row._mapping) for row in tx.connection.execute(select(*columns).order_by(score.c.id))]
        tried.rollback()
    return stored


def test_what_is_read_beside_is_stored_as_what_is_read_in_the_transaction_and_never_when_somebody_wrote_between(
    chat: Chat, tmp_path: Path
) -> None:
    write(tmp_path / "files", complaints=("E1", "E2", "E3"))
    with pytest.raises(KeyboardInterrupt):
        import_files(chat.database, [tmp_path / "files"], at("2026-11-23 11:00"), scored=interrupted)
    with chat.database.transaction() as tx:
        within = score_all(tx, lambda _: None)
        assert score_all(tx, lambda look: read_next(look, LATER)) == within
        first = read_next(tx, LATER)
        assert first is not None
        assert first.holds_for(tx, first.unit_id)
        false = replace(first, days={day: replace(one, proof="{}") for day, one in first.days.items()})
        assert "{}" in [row["inputs"] for row in score_all(tx, lambda _: false)]
        rescore(tx, first.unit_id, at("2026-11-23 11:30"))
        assert not first.holds_for(tx, first.unit_id)
        assert "{}" not in [row["inputs"] for row in score_all(tx, lambda _: false)]


@dataclass(frozen=True)
class AskedWhenHeld(ReadBeside):
    """Takes down which units were held when it was asked whether what it has read holds still."""

    held: list[object] = field(default_factory=list)

    def holds_for(self, tx: Transaction, unit_id: UnitId) -> bool:
        self.held.extend(tx.held)
        return super().holds_for(tx, unit_id)


def test_a_unit_is_held_before_it_is_asked_whether_somebody_wrote_of_it(chat: Chat, tmp_path: Path) -> None:
    write(tmp_path / "files", complaints=("E1", "E2", "E3"))
    with pytest.raises(KeyboardInterrupt):
        import_files(chat.database, [tmp_path / "files"], at("2026-11-23 11:00"), scored=interrupted)
    with chat.database.transaction() as tx:
        read = read_next(tx, LATER)
        assert read is not None
        beside = AskedWhenHeld(**vars(read))
        score_next(tx, LATER, beside)
    assert ("unit", read.unit_id) in beside.held


def test_a_rise_that_no_file_brought_is_told_by_itself(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "anna").values(teams_id=aad("anna")))
    anna = chat.client("anna")
    for day in range(10, 16):
        anna.say("avvikelse")
        mild = {"unit": "3", "kind": "complaint", "consequence": "3", "marks": ""}
        anna.press(SAY("signal.hand_in"), {**SLAP, **mild, "event_on": f"2026-11-{day}"})
    with chat.database.transaction() as tx:
        [newest] = [one for one in alerts.of_unit(tx, UnitId(3)) if one.kind == "band"]
    assert newest.import_id is None
