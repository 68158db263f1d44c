"""What is no child's goes by the plan's own classes: a term and a source each, two decisions, a protocol."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.retention_plan import WrongPlanError, read_plan
from dialogs.overview.retention import proposal_parts
from followup import ActionId, AlertId, FollowUpId, PersonId, UnitId
from followup.clocks.retention import RetentionPlan
from followup.clocks.retention_classes import SHORTEST, ClassTerm, RetentionClass
from followup.follow_ups.follow_up import STEPS
from followup.log.subject import What
from followup.messages.alerts import AlertAgain
from followup.messages.every import EveryMessage
from followup.messages.follow_ups import ActionLate
from followup.messages.operation import CheckpointDue
from followup.people import Leave
from followup.signals.progress import SignalProgress
from services.log.log_verification import faults_in_log
from services.retention import deciding, journal
from storage.engine.database import Transaction
from storage.engine.tables import access_log as log_table
from storage.engine.tables import alert, delivery, leave, signal, signal_version, unit_event
from storage.engine.tables import score as score_table
from storage.engine.year_tables import action, follow_up, metadata
from storage.follow_ups import actions, follow_ups
from storage.log import access_log
from storage.messages import queueing
from storage.register import people, units
from storage.retention import classes
from storage.retention.classes import FOLLOW_UP_ROWS
from storage.signals import progress, signals
from tests.support.builders import at
from tests.support.deeds import acting
from tests.support.stage import SAY
from tests.support.turns import SLAP
from tests.test_case_export import database_of, town
from tests.test_commands import Shell, shell
from tests.test_retention import NOW, carry_out, decided, protocol

__all__ = ["shell", "town"]
OLD, LATER = at("2018-03-05"), at("2026-10-05")
PLAN = "\n".join(
    [
        'source = "Plan 2026 § 61"',
        'municipality_code = "0182"',
        *(f'[classes.{one}]\nmonths = {SHORTEST[one]}\nsource = "Planen, {one}"' for one in RetentionClass),
    ]
)


def signal_of_unit(
    tx: Transaction, unit: UnitId, anna: PersonId, *, now: datetime, ended: bool = True
) -> None:
    """About the unit and no child, handled and ended, or not."""
    answers = {**SLAP, "event_on": str(now.date())}
    one = signals.save(tx, answers, unit_id=unit, placement_id=None, task_id=None, author_id=anna, now=now)
    # As a file tells of it: what people hand in is logged from the first day.
    tx.connection.execute(
        update(signal_version).where(signal_version.c.signal_id == one.id).values(imported=True)
    )
    begun = SignalProgress(one.id, "quality", "received", anna, now)
    progress.begin(tx, begun, None, now)
    if ended:
        progress.go_on(tx, replace(begun, state="remedied", ended_at=now), anna, now, "Klart")


def follow_up_of(
    tx: Transaction, unit: UnitId, anna: PersonId, now: datetime, *, step: Any, done: bool
) -> None:
    opened = follow_ups.open_new(tx, unit, anna, now)
    assert opened is not None
    told: dict[str, Any] = {"what": "Ring", "owner_id": anna, "author_id": anna, "due_on": now.date()}
    planned = actions.add(tx, opened.id, **told, now=now)
    if done:
        actions.save(tx, replace(planned, state="cancelled", reason="Behövs inte"), anna, now)
    if step != opened.step:
        follow_ups.save(tx, replace(opened, step=step, reason="Stängd"), anna, now)


def message_of(tx: Transaction, key: str, anna: PersonId, now: datetime, state: str) -> None:
    queueing.queue(tx, key, CheckpointDue(), now, person_id=anna)
    tx.connection.execute(update(delivery).where(delivery.c.key == key).values(state=state))


def event_of(tx: Transaction, unit: UnitId, now: datetime) -> None:
    values = {"unit_id": unit, "kind": "inspection", "happened_on": now.date(), "source": "IVO"}
    tx.connection.execute(insert(unit_event).values(**values, known_at=now))


def fill(tx: Transaction) -> None:
    """Of each class one thing whose time has come, and beside it one that is younger and one that goes on."""
    anna, unit = people.by_key(tx, "anna"), units.by_key(tx, "NORR")
    assert anna is not None
    assert unit is not None
    for now, ended in ((OLD, True), (LATER, True), (OLD, False)):
        signal_of_unit(tx, unit.id, anna.id, now=now, ended=ended)
    for now in (OLD, LATER):
        event_of(tx, unit.id, now)
        people.record_leave(tx, Leave(anna.id, now.date(), now.date(), None), now)
        access_log.record(tx, "read", What.CASES.of(), now, person_id=anna.id, reason=f"Tillsyn {now.year}")
        access_log.record(tx, "read", What.CASES.of(), now, person_id=anna.id)
    for now, step, done in (
        (OLD, "cancelled", True),
        (LATER, "cancelled", True),
        (OLD, STEPS[0], True),
        (OLD, "cancelled", False),
    ):
        follow_up_of(tx, unit.id, anna.id, now, step=step, done=done)
    for key, now, state in (("a", OLD, "sent"), ("b", LATER, "sent"), ("c", OLD, "ready")):
        message_of(tx, key, anna.id, now, state)


def left(town: Shell) -> dict[str, int]:
    """How many things there are of each class, old and young."""
    with database_of(town) as database, database.reading() as tx:
        tables = (signal, unit_event, follow_up, delivery, leave)
        found = {str(one.name): _count(tx, select(func.count()).select_from(one)) for one in tables}
        mine = select(func.count()).where(delivery.c.kind == CheckpointDue.kind)
        reasons = select(func.count()).where(log_table.c.reason.is_not(None))
        return {**found, "delivery": _count(tx, mine), "reasons": _count(tx, reasons)}


def _count(tx: Transaction, query: Any) -> int:
    return int(tx.connection.execute(query).scalar_one())


@pytest.fixture
def classed(town: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    plan = town.directory / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    monkeypatch.setenv("UPPFOLJAREN_RETENTION_PLAN", str(plan))
    with database_of(town) as database, database.transaction() as tx:
        fill(tx)
    return town


def test_each_class_is_previewed_decided_by_two_carried_out_and_told_and_a_copy_says_what_is_there_again(
    classed: Shell,
) -> None:
    """`retention.class.`, `purge.classes`, `cli.restore.class_again`: one of each goes, what is young or open stays."""
    before = left(classed)
    previewed = classed.shows("retention", "preview")["classes"]
    assert {one["class"]: (one["things"], one["source"]) for one in previewed} == {
        one: (1, f"Planen, {one}") for one in RetentionClass
    }
    assert left(classed) == before
    backup = classed.shows("backup", "--to", classed.directory / "kopior")["path"]
    classed.now += timedelta(minutes=1)
    done = classed.shows("retention", "propose")
    assert (done["number"], done["cases"], done["things"]) == (1, 0, len(RetentionClass))
    assert classed.run("retention", "propose").exit_code == 1
    assert carry_out(classed).exit_code == 1
    assert left(classed) == before
    assert seen_by_maria(classed) == [
        SAY("retention.of_class", what=SAY(f"retention.class.{one}"), n=1, day=day, source=f"Planen, {one}")
        for one in sorted(RetentionClass)
        for day in [ClassTerm(one, SHORTEST[one], "").before(NOW.date())]
    ]
    decided(classed)
    assert carry_out(classed).exit_code == 0
    after = left(classed)
    assert {name: before[name] - after[name] for name in before} == dict.fromkeys(before, 1)
    assert {one["class"]: one["rows"] for one in protocol(classed)["classes"]} == {
        "unit_signals": {"signal": 1, "signal_version": 1, "signal_step": 2, "signal_progress": 1},
        "unit_events": {"unit_event": 1},
        "follow_ups": {"action": 1, "action_version": 2, "follow_up": 1, "follow_up_version": 2},
        "messages": {"delivery": 1},
        "leaves": {"leave": 1},
        "log_reasons": {"access_log": 1},
    }
    assert protocol(classed)["reasons"] == 1
    assert classed.shows("check")["ok"]
    assert [line.classes[:1] for line in _lines(classed)] == [("follow_ups 2020-11-23",)] * 2
    put_back(classed, backup, before)


def put_back(classed: Shell, backup: str, before: dict[str, int]) -> None:
    classed.now += timedelta(days=1)
    result = classed.run("restore", backup, "--json")
    [told] = json.loads(result.stdout)["delete_again"]
    assert (told["cases"], told["signed"]) == (0, True)
    assert set(told["classes"]) == set(RetentionClass)
    repeated = classed.shows("retention", "repeat", "1")
    assert (repeated["deleted"], repeated["rows"]["follow_up"], repeated["rows"]["access_log"]) == (0, 1, 1)
    assert left(classed)["follow_up"] == before["follow_up"] - 1
    assert classed.shows("check")["ok"]
    assert classed.run("retention", "repeat", "1").exit_code == 1


def _lines(town: Shell) -> Iterator[journal.JournalLine]:
    return iter(journal.lines(town.directory / "var" / "gallringar.jsonl"))


def seen_by_maria(town: Shell) -> list[str]:
    """What her card says of the classes."""
    with database_of(town) as database, acting(database, "maria", NOW) as maria:
        seen = deciding.stored(maria, 1)
    assert seen is not None
    return [part.text for part in proposal_parts(seen, SAY)[1:-2]]  # type: ignore[union-attr]


def test_what_has_had_a_word_since_the_decision_stays(classed: Shell) -> None:
    assert classed.run("retention", "propose").exit_code == 0
    decided(classed)
    before = left(classed)
    with database_of(classed) as database, database.transaction() as tx:
        anna = people.by_key(tx, "anna")
        assert anna is not None
        [old] = classes.due(tx, RetentionClass.FOLLOW_UPS, NOW.date().replace(year=2020), 0, 9)
        one = follow_ups.get(tx, FollowUpId(old))
        assert one is not None
        follow_ups.save(tx, replace(one, reason="Rättat"), anna.id, NOW)
    assert carry_out(classed).exit_code == 0
    assert left(classed)["follow_up"] == before["follow_up"]
    with database_of(classed) as database, database.reading() as tx:
        assert list(faults_in_log(tx)) == []


def test_a_reason_goes_also_where_a_clock_that_was_ahead_wrote_between(classed: Shell) -> None:
    """The entries stand in the order in which they were written, which is not always that of their moments."""
    with database_of(classed) as database, database.transaction() as tx:
        for now in (LATER, OLD):
            access_log.record(tx, "read", What.CASES.of(), now, stranger="x", reason=f"Sedan {now.year}")
    assert classed.run("retention", "propose").exit_code == 0
    decided(classed)
    assert carry_out(classed).exit_code == 0
    with database_of(classed) as database, database.reading() as tx:
        kept = [one.entry.reason for one in access_log.with_reason(tx, 0, 99)]
    assert [one for one in kept if one and one.startswith(("Tillsyn", "Sedan"))] == [
        "Tillsyn 2026",
        "Sedan 2026",
    ]


@pytest.mark.parametrize("said", ["okänd 2020-01-01", "leaves", "leaves igår", 7])
def test_a_line_of_the_journal_with_a_class_that_is_none_is_no_line(tmp_path: Path, said: object) -> None:
    path = tmp_path / "gallringar.jsonl"
    line = {"step": "done", "number": 1, "at": "2026-01-01T00:00:00+00:00", "source": "P", "decided": []}
    rest = {"cases": [], "key_id": "k", "signature": "s"}
    path.write_text(json.dumps({**line, **rest, "classes": [said]}), "utf-8")
    assert journal.lines(path) == []
    path.write_text(json.dumps({**line, **rest, "classes": ["leaves 2020-01-01"]}), "utf-8")
    assert [one.number for one in journal.lines(path)] == [1]


def test_all_that_hangs_on_a_follow_up_goes_with_it() -> None:
    """By the foreign keys, so that a new table is found without being named."""
    hanging = {
        str(table.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table in (follow_up, action)
    }
    assert hanging == {str(table.name) for table, _ in FOLLOW_UP_ROWS} - {"follow_up"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("classes = 1", ["classes ska vara tabeller"]),
        (
            '[classes.signaler]\nmonths = 60\nsource = "4.2"',
            ["classes.signaler finns inte, utan unit_signals"],
        ),
        ("[classes.leaves]\nmonths = 60", ["classes.leaves ska ha months, ett heltal som är minst 24"]),
        ('[classes.leaves]\nmonths = true\nsource = "4.2"', ["classes.leaves ska ha months"]),
        ('[classes.leaves]\nmonths = 23\nsource = "4.2"', ["classes.leaves ska ha months"]),
        ('[classes.leaves]\nmonths = 30000\nsource = "4.2"', ["classes.leaves ska ha months"]),
        (f'[classes.leaves]\nmonths = 24\nsource = "{"x" * 301}"', ["högst 300 tecken"]),
        ("copy_months = 30000", ["copy_months ska vara antal månader"]),
        ('[classes.follow_ups]\nmonths = 72\nsource = " "', ["classes.follow_ups ska ha months"]),
    ],
)
def test_all_that_is_wrong_with_a_class_is_said(tmp_path: Path, content: str, said: list[str]) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(f'source = "P"\nmunicipality_code = "0182"\n{content}\n', encoding="utf-8")
    if content.startswith("classes"):
        path.write_text(f'{content}\nsource = "P"\nmunicipality_code = "0182"\n', encoding="utf-8")
    with pytest.raises(WrongPlanError) as wrong:
        read_plan(path)
    assert [part in one for part, one in zip(said, wrong.value.problems, strict=True)] == [True]


def test_a_class_is_read_with_its_term_and_its_source(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    terms = tuple(ClassTerm(one, SHORTEST[one], f"Planen, {one}") for one in RetentionClass)
    assert read_plan(path) == RetentionPlan("Plan 2026 § 61", "0182", classes=terms)


def test_a_message_about_what_goes_on_stays_however_old_since_it_keeps_it_from_being_told_again(
    classed: Shell,
) -> None:
    with database_of(classed) as database, database.transaction() as tx:
        anna, unit = people.by_key(tx, "anna"), units.by_key(tx, "NORR")
        assert anna is not None
        assert unit is not None
        closed, open_ = (
            alert_of(tx, unit.id, anna.id, number, ended) for number, ended in ((1, OLD), (2, None))
        )
        ended, goes_on = (action_of(tx, unit.id, anna.id, done=done) for done in (True, False))
        told: list[EveryMessage] = [
            *(AlertAgain(one) for one in (closed, open_)),
            *(ActionLate(one, anna.id, OLD.date()) for one in (ended, goes_on)),
        ]
        for number, message in enumerate(told):
            queueing.queue(tx, f"told:{number}", message, OLD, person_id=anna.id)
        tx.connection.execute(update(delivery).where(delivery.c.key.like("told:%")).values(state="sent"))
        due = classes.due(tx, RetentionClass.MESSAGES, LATER.date(), 0, 99)
        keys = tx.connection.scalars(select(delivery.c.key).where(delivery.c.id.in_(due))).all()
    assert [key for key in keys if key.startswith("told:")] == ["told:0", "told:2"]


def alert_of(tx: Transaction, unit: UnitId, anna: PersonId, number: int, closed: datetime | None) -> AlertId:
    score = tx.connection.scalar(select(func.max(score_table.c.id)))
    values = {"unit_id": unit, "kind": "band", "episode": f"gammal-{number}", "score_id": score}
    ended = {"closed_at": closed, "closed_by": anna if closed else None}
    made = insert(alert).values(**values, **ended, band_before="green", band_after="red", raised_at=OLD)
    return AlertId(tx.connection.execute(made.returning(alert.c.id)).scalar_one())


def action_of(tx: Transaction, unit: UnitId, anna: PersonId, *, done: bool) -> ActionId:
    follow_up_of(tx, unit, anna, OLD, step="cancelled", done=done)
    return ActionId(tx.connection.scalar(select(func.max(action.c.id))) or 0)
