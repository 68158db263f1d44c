"""Whoever writes is held no longer in a large town than in a small one, whatever anybody asks, presses or runs."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bench.pages_register import make_busy
from bench.scale_register import Size, fill
from bot.local.player import inputs_for
from bot.local.terminal import NumberedAction, actions_of
from dialogs.commands.registered import COMMANDS
from storage.engine.database import Database
from tests.conftest import Another
from tests.support.builders import at
from tests.support.turns import Chat
from tests.support.writer_steps import counted_steps

pytestmark = pytest.mark.sqlite("räknar steg hos SQLites drivrutin")
NOW = at("2026-12-01 10:00")
PEOPLE = ("w1", "quality", "m1", "admin")
SMALL, LARGE = Size(66), Size(396)
# What a larger town may cost more in all, where six times as many units are there: an index is deeper by a step or two.
MORE = 1_500
# A selection has as many units as the municipality decides, and each of them gets a follow-up when it is locked; who
# is to stand in is chosen among all colleagues' names.
AS_MANY_AS_CHOSEN = frozenset({"lock_selection", "selection_owners", "ledig", "leave_form", "leave"})


def busy(database: Database, size: Size) -> Database:
    with database.transaction() as tx:
        fill(tx, size)
    make_busy(database, size)
    return database


def steps_of_turns(database: Database) -> dict[tuple[str, str], int]:
    """By who and what: each word that is typed, and each button that it leads to, pressed once."""
    chat, found = Chat(database, NOW), dict[tuple[str, str], int]()
    for key in PEOPLE:
        for name, ended in _walked(chat, key):
            found[key, name] = max(found.get((key, name), 0), *ended, 0)
    return found


def _walked(chat: Chat, key: str) -> Iterator[tuple[str, list[int]]]:
    client, pressed = chat.client(key), set[str]()
    waiting: list[tuple[str, NumberedAction | None, Mapping[str, Any]]]
    waiting = [(one.words[0], None, {}) for one in COMMANDS]
    while waiting:
        word, button, card = waiting.pop()
        client.card = dict(card)
        with counted_steps() as ended:
            if button is None:
                client.say(word)
            else:
                client.send(button, inputs_for(client.card, button, {}))
        yield word, ended
        for one in actions_of(client.card or {}):
            verb = one.action.get("verb")
            if verb and verb not in pressed:
                pressed.add(verb)
                waiting.append((verb, one, client.card))


def test_no_turn_holds_the_writer_longer_where_there_are_more_units_and_people(
    on_sqlite: Database, another: Another, tmp_path: Any
) -> None:
    small = steps_of_turns(busy(on_sqlite, SMALL))
    with another(tmp_path / "large.db") as database:
        large = steps_of_turns(busy(database, LARGE))
    grown = {
        (*turn, small[turn], large[turn])
        for turn in small.keys() & large.keys()
        if large[turn] > small[turn] + MORE and turn[1] not in AS_MANY_AS_CHOSEN
    }
    assert len(small.keys() & large.keys()) > 150
    assert not grown
