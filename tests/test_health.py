"""What the bot tells those who look after it: whether it works, what it counts, and a log without content."""

import asyncio
import json
import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot.health import Probe
from bot.ingress import LoopbackOnly
from bot.logs import begin_turn, log_as_json
from followup import PersonId, RoundId
from followup.messages.month import Prompt
from storage.alerts import alerts
from storage.engine.database import READERS, Database, StorageError
from storage.messages import queueing
from tests.support.builders import aad, at
from tests.support.edge import Edge, at_the_edge
from tests.support.municipality import CASES
from texts.catalogue import Texts

SAY = Texts("sv")
MARKED = "Hemligt: Kalle Kula på Norrgården, AKT-1, 20120229-2387"
NEVER_LOGGED = (
    "Hemligt",
    "Kalle",
    "Kula",
    "Norrgården",
    "20120229",
    *CASES,
    "Anna Test",
    "Maria",
    aad("anna"),
)
Line = dict[str, Any]


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    """Nothing is sent and nothing is due until the test says so."""
    async with at_the_edge(municipality, sends=False) as opened:
        yield opened


async def ready(edge: Edge) -> tuple[int, dict[str, bool]]:
    """After a look of the probe."""
    await edge.bot.probe.look()
    answer = await edge.get("/ready")
    return answer.status, json.loads(answer.body)


def all_but(*failing: str) -> tuple[int, dict[str, bool]]:
    checks = dict.fromkeys(("schema", "outbox", "keys", "file", "sealed", "writer", "queue", "fresh"), True)
    return 503 if failing else 200, checks | dict.fromkeys(failing, False)


async def test_alive_and_ready(edge: Edge) -> None:
    assert json.loads((await edge.get("/health")).body) == {"alive": True}
    assert await ready(edge) == all_but()


async def test_not_ready_without_signing_keys(edge: Edge) -> None:
    edge.server.down = True
    assert await ready(edge) == all_but("keys")
    assert (await edge.get("/health")).status == 200


@pytest.mark.parametrize(
    "change", ["UPDATE alembic_version SET version_num = '0000'", "DELETE FROM alembic_version"]
)
async def test_not_ready_with_a_database_of_another_version(edge: Edge, change: str) -> None:
    execute(edge.database, change)
    assert await ready(edge) == all_but("schema", "writer")


async def test_not_ready_when_a_message_has_been_due_for_ten_minutes(edge: Edge) -> None:
    with edge.database.transaction() as tx:
        queueing.queue(tx, "stuck", Prompt(RoundId(1)), edge.clock(), person_id=PersonId(1))
    edge.clock.move_to(edge.clock() + timedelta(minutes=9, seconds=59))
    assert await ready(edge) == all_but()
    edge.clock.move_to(edge.clock() + timedelta(seconds=1))
    assert await ready(edge) == all_but("outbox")


async def test_a_message_that_is_to_wait_is_not_stuck(edge: Edge) -> None:
    with edge.database.transaction() as tx:
        later = edge.clock() + timedelta(days=1)
        queueing.queue(tx, "later", Prompt(RoundId(1)), edge.clock(), person_id=PersonId(1), not_before=later)
    edge.clock.move_to(edge.clock() + timedelta(hours=23))
    assert (await ready(edge))[0] == 200


async def test_not_ready_without_an_outbox(edge: Edge) -> None:
    execute(edge.database, "DROP TABLE delivery")
    assert await ready(edge) == all_but("outbox")


@pytest.mark.sqlite("handlar om databasens fil")
async def test_a_broken_database_is_told_and_not_shown(edge: Edge) -> None:
    break_file(edge.database)
    assert await ready(edge) == all_but("schema", "outbox", "sealed", "writer")
    assert (await edge.get("/health")).status == 200
    assert "uppfoljaren_database_answers 0.0" in await edge.metrics()


@pytest.mark.sqlite("handlar om SQLites enda tråd som skriver")
async def test_a_busy_writer_holds_up_no_answer_and_a_stuck_one_is_not_ready(edge: Edge) -> None:
    assert (await ready(edge))[0] == 200
    let_go, now = threading.Event(), [0.0]
    probe = Probe(edge.database, edge.clock, LoopbackOnly(), seconds=lambda: now[0])
    await probe.look()
    working = asyncio.create_task(edge.database.run(lambda _: let_go.wait(60)))
    try:
        now[0] = 29.0
        await probe.look()
        assert all(probe.seen().values())
        now[0] = 31.0
        await probe.look()
        assert probe.seen() == all_but("writer")[1]
    finally:
        let_go.set()
        await working
    await probe.look()
    assert all(probe.seen().values())


async def test_a_database_that_says_nothing_is_not_ready_and_was_looked_at_just_now(edge: Edge) -> None:
    let_go = threading.Event()
    probe = Probe(edge.database, edge.clock, LoopbackOnly(), patience=0.05)
    reading = [
        asyncio.create_task(edge.database.read_beside(lambda _: let_go.wait(60))) for _ in range(READERS)
    ]
    try:
        await probe.look()
        assert probe.seen() == all_but("schema", "outbox", "sealed")[1]
    finally:
        let_go.set()
        await asyncio.gather(*reading)
    assert await ready(edge) == all_but()


@pytest.mark.sqlite("handlar om SQLites enda tråd som skriver")
async def test_what_could_not_be_stored_is_not_taken_to_be_while_the_next_try_is_waited_for(
    edge: Edge,
) -> None:
    assert await ready(edge) == all_but()
    execute(edge.database, "ALTER TABLE last_look RENAME TO away")
    assert await ready(edge) == all_but("writer")
    execute(edge.database, "ALTER TABLE away RENAME TO last_look")
    let_go = threading.Event()
    working = asyncio.create_task(edge.database.run(lambda _: let_go.wait(60)))
    assert await ready(edge) == all_but("writer")
    let_go.set()
    await working
    assert await ready(edge) == all_but()


async def test_a_look_that_took_long_was_ended_just_now(edge: Edge) -> None:
    now = [0.0]

    class Far(LoopbackOnly):
        async def has_keys(self) -> bool:
            now[0] += 11.0
            return False

    probe = Probe(edge.database, edge.clock, Far(), seconds=lambda: now[0])
    await probe.look()
    assert probe.seen() == all_but("keys")[1]


async def test_what_was_seen_ten_seconds_ago_says_nothing_of_now(edge: Edge) -> None:
    now = [0.0]
    probe = Probe(edge.database, edge.clock, LoopbackOnly(), seconds=lambda: now[0])
    assert not all(probe.seen().values())
    await probe.look()
    now[0] = 10.0
    assert all(probe.seen().values())
    now[0] = 10.1
    assert probe.seen() == all_but("fresh")[1]


@pytest.mark.sqlite("handlar om databasens fil")
async def test_who_asks_a_hundred_times_looks_at_nothing(edge: Edge) -> None:
    assert (await ready(edge))[0] == 200
    edge.server.down = True
    break_file(edge.database)
    assert {(await edge.get("/ready")).status for _ in range(100)} == {200}


def execute(database: Database, statement: str) -> None:
    with database.transaction() as tx:
        tx.connection.execute(text(statement))


def break_file(database: Database) -> None:
    """The file is overwritten underneath the program."""
    path = Path(database.url.removeprefix("sqlite:///"))
    database.engine.dispose()
    for leftover in path.parent.glob(f"{path.name}-*"):
        leftover.unlink()
    path.write_bytes(b"This is no database. " * 1000)


async def test_metrics_count_turns_messages_rounds_and_alerts(edge: Edge) -> None:
    await edge.bot.wake()
    await edge.bot.deliverer.drain()
    await edge.post(edge.text("Hjälp"))
    await edge.post({**edge.text(), "type": "made-up by somebody"})
    await edge.send(json=edge.text())
    await edge.send(data=b"{")
    with edge.database.transaction() as tx:
        queueing.queue(
            tx, "waits", Prompt(RoundId(1)), edge.clock() - timedelta(minutes=5), person_id=PersonId(1)
        )
        raised = len(alerts.open_alerts(tx))
    seen = samples(await edge.metrics())
    assert seen['turns_total kind="message" status="200"'] == 1
    assert seen['turns_total kind="other" status="200"'] == 1
    assert seen['turns_total kind="stranger" status="401"'] == 1
    assert seen['turns_total kind="none" status="415"'] == 1
    assert seen["turn_seconds_count"] == 4
    assert seen['outbox state="ready"'] == 1
    assert seen['outbox state="sent"'] >= 2
    assert seen["outbox_age_seconds"] == 300
    # To each a conversation and the message, and the help.
    assert seen['sends_total status="201"'] == seen['outbox state="sent"'] * 2 + 1
    assert seen['round_tasks answered="no" month="2026-10"'] == 5
    assert seen['round_tasks answered="yes" month="2026-10"'] == 0
    assert seen["open_alerts"] == raised
    assert seen["database_answers"] == 1


def samples(exposed: str) -> dict[str, float]:
    """Each sample by its name, without ours, and its labels."""
    return {
        " ".join(
            [one.name.removeprefix("uppfoljaren_"), *(f'{k}="{v}"' for k, v in sorted(one.labels.items()))]
        ): (one.value)
        for family in text_string_to_metric_families(exposed)
        for one in family.samples
    }


async def test_a_send_that_is_refused_or_lost_is_counted(edge: Edge) -> None:
    edge.server.refuses = 429
    await edge.post(edge.text("Hjälp"))
    edge.server.refuses = 0
    edge.server.hangs_up = True
    await edge.post(edge.text("Hjälp"))
    seen = samples(await edge.metrics())
    assert (seen['sends_total status="429"'], seen['sends_total status="lost"']) == (1, 1)


async def test_a_closed_round_is_no_longer_counted(edge: Edge) -> None:
    await edge.bot.wake()
    assert 'month="2026-10"' in await edge.metrics()
    edge.clock.move_to(at("2027-02-20"))
    assert 'month="2026-10"' not in await edge.metrics()


async def test_metrics_are_not_at_the_address_that_everybody_reaches(edge: Edge) -> None:
    assert (await edge.get("/metrics")).status == 404
    async with edge.session.post(f"{edge.metrics_address}/api/messages") as answer:
        assert answer.status == 404


@pytest.fixture
def log_lines() -> Iterator["LogLines"]:
    """What is written to standard output, as the running bot writes it."""
    root = logging.getLogger()
    pytests, level = list(root.handlers), root.level
    # Set aside, since they would be closed.
    root.handlers.clear()
    log_as_json()
    (ours,) = root.handlers
    root.handlers += pytests
    assert isinstance(ours, logging.StreamHandler)
    assert ours.stream is sys.stdout
    ours.setStream(written := StringIO())
    yield LogLines(written)
    root.removeHandler(ours)
    root.setLevel(level)


class LogLines:
    def __init__(self, written: StringIO) -> None:
        self._written = written

    def new(self) -> list[Line]:
        """The lines since the last time; none of them may hold what nobody is to read there."""
        written = self._written.getvalue()
        self._written.truncate(0)
        self._written.seek(0)
        assert not [word for word in NEVER_LOGGED if word in written], written
        return [json.loads(line) for line in written.splitlines()]


async def test_each_turn_is_one_line_with_its_own_reference(edge: Edge, log_lines: LogLines) -> None:
    await edge.post(edge.text(MARKED))
    await edge.post(edge.text("Mina uppgifter"))
    await edge.post({**edge.text(MARKED), "type": MARKED})
    lines = log_lines.new()
    assert [line["event"].split(" in ")[0] for line in lines] == [
        "turn message 200",
        "turn message 200",
        "turn other 200",
    ]
    assert len({line["reference"] for line in lines}) == 3
    assert {line["level"] for line in lines} == {"info"}
    assert all(line["timestamp"].endswith("Z") and line["logger"] == "bot.web" for line in lines)


async def test_a_look_that_finds_nothing_wrong_is_not_logged(edge: Edge, log_lines: LogLines) -> None:
    await edge.bot.probe.look()
    assert log_lines.new() == []


async def test_a_refused_stranger_is_logged_without_what_was_said(edge: Edge, log_lines: LogLines) -> None:
    await edge.send(json=edge.text(MARKED), headers={"Authorization": f"Bearer {MARKED.encode().hex()}.x.y"})
    await edge.send(data=MARKED.encode(), headers={"Content-Type": "application/json"})
    *refused, malformed = log_lines.new()
    assert [line["event"].split(" in ")[0] for line in refused] == [
        "not let in: no token of ours",
        "turn stranger 401",
    ]
    assert len({line["reference"] for line in refused}) == 1
    assert malformed["event"].startswith("turn none 400")


async def test_when_a_turn_fails_the_person_gets_its_reference_and_the_log_the_traceback(
    edge: Edge, log_lines: LogLines
) -> None:
    execute(edge.database, "DROP TABLE handled")
    await told_of_a_turn_that_failed(edge, log_lines)


@pytest.mark.sqlite("handlar om databasens fil")
async def test_it_is_so_too_where_nothing_can_be_read(edge: Edge, log_lines: LogLines) -> None:
    break_file(edge.database)
    await told_of_a_turn_that_failed(edge, log_lines)


async def told_of_a_turn_that_failed(edge: Edge, log_lines: LogLines) -> None:
    answer = await edge.post(edge.text(MARKED))
    assert (answer.status, answer.body) == (200, b"")
    failed, turn = log_lines.new()
    assert failed["event"] == "turn failed"
    assert failed["level"] == "error"
    (sent,) = edge.server.sent
    assert sent.body["text"] == SAY("trouble", reference=failed["reference"])
    assert turn["reference"] == failed["reference"]
    assert "uppfoljaren_turns_failed_total 1.0" in await edge.metrics()
    assert_traceback(failed)


async def test_when_a_press_fails_the_answer_has_the_reference(edge: Edge, log_lines: LogLines) -> None:
    execute(edge.database, "DROP TABLE handled")
    data = {"card": {"task": 1}, "free_text": MARKED}
    press = edge.client("anna").execute(edge.clock(), "a:anna", "m1", "hand_in_report", data)
    answer = await edge.post(press)
    assert answer.status == 200
    failed, _ = log_lines.new()
    assert json.loads(answer.body)["value"] == SAY("trouble", reference=failed["reference"])
    assert_traceback(failed)


# As SQLite says it, and PostgreSQL.
BROKEN = {"OperationalError", "DatabaseError", "ProgrammingError"}


def assert_traceback(line: Line) -> None:
    """Where it broke, down to our own function, and not with what values."""
    frames = [frame for stack in line["exception"] for frame in stack["frames"]]
    assert any(frame["filename"].endswith("bot/turns.py") or frame["name"] == "run" for frame in frames)
    assert {stack["exc_type"] for stack in line["exception"]} & {
        "OperationalError",
        "DatabaseError",
        "ProgrammingError",
    }
    assert not [frame for frame in frames if frame.get("locals")]


def test_an_error_of_the_database_does_not_quote_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(StorageError) as failed, database.transaction() as tx:
        tx.connection.execute(text("INSERT INTO nowhere VALUES (:it)"), {"it": MARKED})
    assert not [word for word in NEVER_LOGGED if word in str(failed.value)]


def test_no_message_of_an_exception_is_logged_whoever_logs_it(log_lines: LogLines) -> None:
    begin_turn("the reference")
    try:
        try:
            raise ValueError(MARKED)
        except ValueError as inner:
            inner.add_note(MARKED)
            raise ExceptionGroup(MARKED, [KeyError(MARKED)]) from inner
    except ExceptionGroup:
        logging.getLogger("asyncio").exception("some library's own words")
    (line,) = log_lines.new()
    assert (line["event"], line["reference"]) == ("some library's own words", "the reference")
    assert [stack["exc_type"] for stack in line["exception"]] == ["ExceptionGroup", "ValueError"]


def test_a_line_is_not_lost_for_half_a_sign_in_it(log_lines: LogLines) -> None:
    # Given to our own handler alone, since what runs the tests cannot hand it on.
    ours, *_ = logging.getLogger().handlers
    ours.handle(logging.LogRecord("bot", logging.WARNING, "", 0, "no file %s", ("s\udce5ker",), None))
    assert [line["event"] for line in log_lines.new()] == ["no file s\udce5ker"]


async def test_what_fails_to_be_sent_is_logged_without_content(edge: Edge, log_lines: LogLines) -> None:
    edge.server.refuses = 403
    await edge.bot.wake()
    await edge.bot.deliverer.drain()
    await edge.post(edge.text("Mina uppgifter"))
    await edge.post(edge.text(MARKED, key="stranger"))
    events = [line["event"] for line in log_lines.new()]
    assert [event for event in events if event.startswith("delivery ")]
    assert len([event for event in events if event.startswith("the answer was not taken: 403")]) == 2
