"""Whoever writes is held no longer in a large town with a large unit than in a small one, whatever anybody presses."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bench.pages_register import make_busy
from bench.scale_register import Size, fill
from bot.local.player import inputs_for
from bot.local.terminal import NumberedAction, actions_of, inputs_of
from dialogs.commands.registered import COMMANDS
from storage.engine.database import Database
from tests.conftest import Another
from tests.support.builders import at
from tests.support.scored import score_all_left
from tests.support.turns import Chat
from tests.support.writer_steps import counted_steps

pytestmark = pytest.mark.sqlite("räknar steg hos SQLites drivrutin")
NOW = at("2026-12-01 10:00")
PEOPLE = ("w1", "quality", "m1", "admin")
# The first unit of the large town is one that is scored beside the writer.
SMALL, LARGE = Size(66), Size(396, largest=240)
# What forms are filled in with, so that what they lead to is done too.
TYPED = {
    **{"note": "Ringt.", "why": "Rättat.", "reason": "Behövs för utredningen.", "unit": "Enhet 1"},
    **{"consequence": "3", "decided_on": "2026-12-01", "decided_by": "Quality", "notified": "no"},
}
# What a larger town may cost more in all, where six times as many units are there: an index is deeper by a step or two.
MORE = 1_500
# Whether a manager may know more of an alert than that there is one is counted among its unit's placements.
COUNTS_A_UNIT, EACH_PLACEMENT = frozenset({"larm", "alerts"}), 12
# A selection has as many units as the municipality decides, and each of them gets a follow-up when it is locked; who
# is to stand in is chosen among all colleagues' names.
AS_MANY_AS_CHOSEN = frozenset({"lock_selection", "selection_owners", "ledig", "leave_form", "leave"})


def busy(database: Database, size: Size) -> Database:
    with database.transaction() as tx:
        fill(tx, size)
    make_busy(database, size)
    with database.transaction() as tx:
        score_all_left(tx, NOW)
    return database


def steps_of_turns(database: Database) -> dict[tuple[str, str], int]:
    """By who and what: each word that is typed, and each button that it leads to, pressed once."""
    chat, found = Chat(database, NOW, scores=False), dict[tuple[str, str], int]()
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
                client.send(button, inputs_for(client.card, button, _filled_in(client.card)))
        yield word, ended
        for one in actions_of(client.card or {}):
            verb = one.action.get("verb")
            if verb and verb not in pressed:
                pressed.add(verb)
                waiting.append((verb, one, client.card))


def _filled_in(card: Mapping[str, Any]) -> dict[str, str]:
    return {one.id: TYPED[one.id] for one in inputs_of(card) if one.id in TYPED}


def _more(name: str) -> int:
    return MORE + (EACH_PLACEMENT * LARGE.largest if name in COUNTS_A_UNIT else 0)


def test_no_turn_holds_the_writer_longer_where_there_are_more_units_and_people(
    on_sqlite: Database, another: Another, tmp_path: Any
) -> None:
    small = steps_of_turns(busy(on_sqlite, SMALL))
    with another(tmp_path / "large.db") as database:
        large = steps_of_turns(busy(database, LARGE))
    grown = {
        (*turn, small[turn], large[turn])
        for turn in small.keys() & large.keys()
        if large[turn] > small[turn] + _more(turn[1]) and turn[1] not in AS_MANY_AS_CHOSEN
    }
    assert len(small.keys() & large.keys()) > 150
    assert not grown
