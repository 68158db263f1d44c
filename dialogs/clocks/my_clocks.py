"""Clocks (frister): the worker's own, and the manager's teams as counts."""

from collections.abc import Sequence

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.clocks.clock_rows import clock_row, contact_rows, contract_rows
from dialogs.clocks.team_clocks import team_card
from dialogs.forms.lists import MOST_ROWS, at_most, page_of
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup.access.access import DataKind, Reach
from followup.people import Conversation
from followup.provider import EndingContract
from services.acting import Refused, Why
from services.clocks.own_clocks import RunningClock
from services.clocks.recording import see, withdraw
from services.views.clocks import AHEAD, MyClocks, managers_clocks, my_clocks


def my_list(turn: Turn) -> Reply:
    return list_reply(turn)


def list_reply(turn: Turn, receipt: Sequence[Part] = (), stored: Stored | None = None) -> Reply:
    """After what was just done, if anything; a manager has her teams."""
    if turn.acting.reach(DataKind.CLOCK) == Reach.OWN_PEOPLE:
        return _teams(turn, receipt, stored)
    found = my_clocks(turn.acting)
    if isinstance(found, Refused):
        return turn.refusal(found, "refused.role")
    return Reply(card=_card(turn, found, receipt), effect=stored)


def _card(turn: Turn, found: MyClocks, receipt: Sequence[Part]) -> Card:
    say, today = turn.say, turn.acting.today
    page, more = page_of(turn, [*found.near, *found.contracts], "clocks")
    rows: list[Part] = [clock_row(one, today, say) for one in page if isinstance(one, RunningClock)]
    contracts = [one for one in page if isinstance(one, EndingContract)]
    contacts = at_most(MOST_ROWS, contact_rows(found, say), "", say)
    parts: list[Part] = [
        Text(say("clocks.title"), "title"),
        *receipt,
        *([Text(say("clocks.about", n=len(found.near), days=AHEAD.days))] if rows else []),
        *rows,
        *([] if found.near else [Text(say("clocks.none", n=found.placements, days=AHEAD.days), "good")]),
        *([Text(say("clocks.later", n=found.later), "subtle")] if found.later else []),
        *contacts,
        *contract_rows(contracts, today, say, opens=True),
        *_recorded(found, turn),
        Text(say("clocks.never_decides"), "subtle"),
    ]
    return Card(say("clocks.title"), tuple(parts), more)


def _recorded(found: MyClocks, turn: Turn) -> list[Part]:
    """What she has recorded lately: whether a manager has seen it, and the way to take it back."""
    say = turn.say
    rows: list[Part] = [
        ListRow(
            f"{one.case_reference}: {say.say(clock.said('clock'))}",
            say("clock.recorded_body", day=one.done_on, body=one.body)
            if one.body
            else say.write(one.done_on),
            note=say("clock.seen" if one.seen_at else "clock.not_seen"),
            button=Button(say("clock.withdraw"), "clock_withdraw", {"done": one.id}),
        )
        for one, clock in found.recorded
    ]
    return [Text(say("clock.recorded"), "heading"), *at_most(MOST_ROWS, rows, "", say)] if rows else []


def withdraw_done(turn: Turn) -> Reply:
    taken = withdraw(turn.acting, turn.press.number("done"))
    if isinstance(taken, Refused):
        text = "clock.changed" if taken.why == Why.CHANGED else "clock.unknown"
        return list_reply(turn, [Text(turn.say(text), "problem")])
    said = Text(turn.say("clock.withdrawn", day=taken.done_on), "good")
    return list_reply(turn, [said], Stored("clock_withdrawn", {"day": str(taken.done_on)}))


def _teams(turn: Turn, receipt: Sequence[Part], stored: Stored | None) -> Reply:
    found = managers_clocks(turn.acting)
    if isinstance(found, Refused):
        return turn.refusal(found, "refused.role")
    return Reply(card=team_card(turn, found, receipt), effect=stored)


def see_done(turn: Turn) -> Reply:
    """The manager has seen what stood on the card, and nothing that came since."""
    wanted = turn.press.ids("done")
    seen = see(turn.acting, wanted)
    if isinstance(seen, Refused):
        return list_reply(turn, [Text(turn.say("clock.unknown"), "problem")])
    said = Text(turn.say("clocks.seen_now", n=seen), "good")
    return list_reply(turn, [said], Stored("clocks_seen", {"n": seen}) if seen else None)


def told_again(turn: Turn, text: str, **values: object) -> Reply:
    return list_reply(turn, [Text(turn.say(text, **values), "good")])


OFFERED = (
    Command("clocks", Conversation.CLOCKS, ("frister", "clocks", "överväganden"), my_list),
    Verb("clocks", Conversation.CLOCKS, my_list),
    Verb("clock_withdraw", Conversation.CLOCKS, withdraw_done),
    Verb("clocks_seen", Conversation.CLOCKS, see_done),
)
