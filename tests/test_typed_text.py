"""What somebody has typed is never dropped in silence: it is stored, given back, or told not to be saved."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogs import switchboard
from dialogs.card import Field
from dialogs.turn import Press, Reply, Said
from storage.engine.database import Database, Transaction
from storage.register import people
from tests.support.access_town import NOW, make_town
from tests.support.builders import aad
from tests.support.desk import NOT_NOTIFIED
from tests.support.told_once import told_once
from tests.support.turns import ANEW, CHANNEL, SERVICE, SLAP
from texts.catalogue import Texts

WRITTEN = "Mormor ringde i går."
# Every field of free text that some form has, and beside them what a form needs to be handed in.
TEXTS = (
    *(
        "text",
        "action_taken",
        "free_text",
        "note",
        "message",
        "why",
        "reason",
        "decision_reason",
        "strengths",
    ),
    *("improvements", "satisfaction", "what", "evidence", "reference", "indicators", "s1.text", "number"),
)
BESIDE = {**ANEW, **SLAP, **NOT_NOTIFIED, "signals": "none", "consequence": "3", "colleague": "1"}
# What is typed in these says why something is read, which the log keeps, or what is to be shown next.
ASKS_ONLY = {"signal_text", "read_notes", "show_reference", "choose_threshold", "preview_threshold"}
# What is ticked or chosen, in a form with no field to write in.
WITHOUT_TEXT = {
    *(
        "freeze_selection",
        "hand_in_statements",
        "leave",
        "open_follow_up",
        "open_form",
        "reassign",
        "show_more",
    ),
    *("snooze", "snooze_form", "save_settings", "save_unit_event"),
}
WHO = ("worker3", "quality0", "manager1", "admin0", "promoted", "nobody")
CARRIED = ("task", "alert", "signal", "unit", "person", "follow_up", "action", "worker", "provider")


def forms() -> list[str]:
    """The verbs of every button that sends what stands in the card's fields."""
    calls = [
        node
        for path in Path("dialogs").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and any(one.arg == "takes_inputs" for one in node.keywords)
    ]
    verbs = {str(one.args[1].value) for one in calls if isinstance(one.args[1], ast.Constant)}
    assert verbs >= ASKS_ONLY | WITHOUT_TEXT
    return sorted(verbs - ASKS_ONLY - WITHOUT_TEXT)


def asks() -> Iterator[tuple[str, bool, int, dict[str, object]]]:
    """Who presses, where, on which thing, and what its card says beside: as it is, or as it was or never was."""
    for who in WHO:
        for channel in (False, True):
            for number in (1, 2, 999):
                for beside in (
                    {},
                    {"version": 1, "act": "dismiss", "to": "done"},
                    {"version": 99, "act": "restore"},
                ):
                    yield who, channel, number, beside


def kept(reply: Reply, say: Texts) -> bool:
    """Whether it is stored, stands in the form that comes back, or is told not to be saved while the form stays."""
    if reply.effect is not None:
        return True
    if reply.card is not None:
        return any(isinstance(part, Field) and part.value == WRITTEN for part in reply.card.parts)
    return say("press.not_saved") in f"{reply.notice} {reply.text}"


def answered(tx: Transaction, verb: str, who: str, channel: bool, data: dict[str, object]) -> Reply:
    said = Said(
        teams_id=aad(who),
        conversation_id=CHANNEL if channel else f"a:{who}",
        activity_id="1",
        service_url=SERVICE,
        press=Press(verb, data, {**BESIDE, **dict.fromkeys(TEXTS, WRITTEN)}),
        channel=channel,
    )
    return switchboard.answer(tx, said, NOW)


@pytest.fixture
def town(database: Database) -> Database:
    return random_town(database)


@told_once
def random_town(database: Database) -> Database:
    make_town(database, 3)
    return database


def test_what_is_typed_is_never_dropped_in_silence(town: Database) -> None:
    dropped, tried = set[tuple[str, str, str]](), 0
    for verb in forms():
        for who, channel, number, beside in asks():
            with town.engine.connect() as connection, connection.begin() as begun:
                tx = Transaction(connection, town.vault)
                person = people.by_teams_id(tx, aad(who), ("",))
                say = Texts(person.language if person and person.active else "sv")
                reply = answered(tx, verb, who, channel, {**dict.fromkeys(CARRIED, number), **beside})
                begun.rollback()
            tried += 1
            if not kept(reply, say):
                dropped.add((verb, who, reply.notice or reply.text or str(reply.card)[:200]))
    assert tried > 600
    assert sorted(dropped) == []
