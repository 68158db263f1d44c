"""The demo's year looked through card by card: every sentence that denies or counts is held against plain SQL.

What a short walk through a small town does not come upon is said here: late plans, alerts of a level, contracts.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support import (
    claims_desk,
    claims_follow_ups,
    claims_letter,
    claims_month,
    claims_overview,
    claims_units,
)
from tests.support.as_file import connected, rows_of
from tests.support.claims import broken
from tests.support.kinds_of_texts import TOURED
from tests.support.sentence_walk import words_of
from tests.support.told import Then, Told
from tests.support.turns import Chat
from tests.test_cards_recounted import MOMENTS, come_to, known, played

__all__ = ["played"]
CHECKED_IN = (claims_desk, claims_follow_ups, claims_letter, claims_month, claims_overview, claims_units)
TYPED = {
    "karin": (
        "läge",
        "larm",
        "uppföljningar",
        "åtgärder",
        "veckobrev",
        "tröskel",
        "urval",
        "brister",
        "basnivå",
    ),
    "maria": ("läge", "obesvarade", "larm", "veckobrev", "frister", "brister"),
    "anna": ("mina", "rätta", "påminn", "ledig", "frister"),
}
SHOWN = {
    "show_alert": ("alert", "select id from alert"),
    "alert_evidence": ("alert", "select id from alert"),
    "alert_history": ("alert", "select id from alert"),
    "show_follow_up": ("follow_up", "select id from follow_up"),
    "read_follow_up": ("follow_up", "select id from follow_up"),
    "show_action": ("action", "select id from action"),
    "show_signal": ("signal", "select id from signal where id % 7 = 0"),
}


def tour(chat: Chat) -> Iterator[tuple[str, str, dict[str, object]]]:
    for who, texts in TYPED.items():
        yield from ((who, text, {}) for text in texts)
    counter = known(chat)
    for who in ("karin", "maria"):
        yield from ((who, f"utförare {one['name'].lower()}", {}) for one in counter.units)
    for verb, (name, query) in SHOWN.items():
        yield from (("karin", verb, {name: one["id"]}) for one in counter.rows(query))


@pytest.mark.long
def test_nothing_that_is_said_at_four_moments_is_not_so_and_what_the_walks_do_not_hear_is_said(
    played: Chat,
) -> None:
    heard: Counter[str] = Counter()
    for moment in MOMENTS:
        come_to(played, moment)
        for who, what, carried in tour(played):
            told = said_to(played, who, what, carried)
            wrong = [f"{said.id} {dict(said.values)}: {why}" for said, why in broken(told, heard, TOURED)]
            assert not wrong, "\n".join([f"{moment} {who} {what} {carried}", *wrong, *told.lines])
    assert sorted(TOURED - set(heard)) == []


def said_to(chat: Chat, who: str, what: str, carried: dict[str, object]) -> Told:
    """What is answered, with what was stored then."""
    client, before = chat.client(who), _then(chat).counts()
    answer = client.forge(what, carried) if carried else client.say(what)
    then = _then(chat)
    [reader] = then.rows("select * from person where key = :key", key=who)
    return Told(then, reader, words_of(answer), "" if carried else what, {}, carried, before)


def _then(chat: Chat) -> Then:
    file = rows_of(chat.database)
    return Then(file, chat.now, chat.now.date(), connected(file))
