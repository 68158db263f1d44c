"""A unit's follow-ups as its card tells of them: step, verdict and actions, and what was written after the verdict."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Facts, Item, Part, Text
from dialogs.follow_ups.follow_up_card import cut, facts, step_words, title
from dialogs.follow_ups.follow_up_record import page_of_sections
from dialogs.forms.lists import at_most
from dialogs.forms.offered import Verb
from dialogs.turn import Reply, Turn
from followup.access.access import Kind, Reach
from followup.access.small_unit import Audience
from followup.follow_ups.action import Action
from followup.follow_ups.follow_up import CANCELLED, FollowUp, as_known_outside
from followup.people import Conversation
from followup.provider import Unit
from storage.follow_ups import actions, follow_ups

MOST_FOLLOW_UPS, MOST_ACTIONS = 3, 5


def number_open(turn: Turn, unit: Unit) -> int:
    return sum(not one.closed for one in _of_unit(turn, unit))


def follow_up_parts(turn: Turn, unit: Unit) -> list[Part]:
    """The newest, each with its actions, for those who may know of more than how many there are."""
    if turn.municipality.access.reach(turn.person.role, Kind.FOLLOW_UP) != Reach.ALL:
        return []
    told = [one for one in _of_unit(turn, unit) if one.step != CANCELLED][-MOST_FOLLOW_UPS:]
    rows = [part for one in reversed(told) for part in (_row(turn, one), *_actions(turn, one))]
    return [Text(turn.say("unit_follow_ups.title"), "heading"), *rows] if rows else []


def _of_unit(turn: Turn, unit: Unit) -> list[FollowUp]:
    known = (_known(turn, one) for one in follow_ups.of_unit(turn.tx, unit.id))
    return [one for one in known if one is not None]


def _known(turn: Turn, follow_up: FollowUp) -> FollowUp | None:
    return follow_up if turn.acting.audience == Audience.QUALITY else as_known_outside(follow_up)


def _row(turn: Turn, follow_up: FollowUp) -> Item:
    say, verdict = turn.say, follow_up.verdict
    said = say(f"choice.verdict.{verdict}") if verdict else say("unit_follow_ups.no_verdict")
    return Item(f"{follow_up.number} · {step_words(follow_up, say)}", said, button=_button(turn, follow_up))


def _button(turn: Turn, follow_up: FollowUp) -> Button | None:
    named = {"follow_up": follow_up.id}
    if turn.municipality.access.may(turn.person, Conversation.FOLLOW_UPS):
        return Button(turn.say("alerts.open"), "show_follow_up", named)
    return (
        Button(turn.say("unit_follow_ups.read"), "unit_follow_up", named) if _reads(turn, follow_up) else None
    )


def _reads(turn: Turn, follow_up: FollowUp) -> bool:
    """Whether the person may read what is written in it."""
    reach = turn.municipality.access.reach(turn.person.role, Kind.FOLLOW_UP_TEXTS)
    return reach == Reach.ALL or (reach == Reach.AFTER_VERDICT and follow_up.verdict is not None)


def _actions(turn: Turn, follow_up: FollowUp) -> Sequence[Part]:
    """What, by when, and how it stands; there are none before the verdict that they follow from."""
    if follow_up.verdict is None:
        return []
    found = actions.of_follow_up(turn.tx, follow_up.id)
    return at_most(MOST_ACTIONS, [_action(turn, one, follow_up) for one in found], "", turn.say)


def _action(turn: Turn, action: Action, follow_up: FollowUp) -> Item:
    say = turn.say
    what = f"{action.number} · {cut(action.what)}" if _reads(turn, follow_up) else action.number
    stands = say("unit_follow_ups.action", due=action.due_on, state=say(f"action.state.{action.state}"))
    return Item(what, stands)


def read_texts(turn: Turn) -> Reply:
    """What is written in a follow-up that has its verdict, as many cards as that takes."""
    stored = follow_ups.get(turn.tx, turn.press.number("follow_up") or 0)
    found = _known(turn, stored) if stored else None
    if found is None or not _reads(turn, found):
        return Reply(notice=turn.say("follow_up.unknown"))
    say, start = turn.say, turn.press.number("start") or 0
    sections, following = page_of_sections(found, start, say)
    parts: list[Part] = [
        Text(title(turn, found), "title"),
        Facts(facts(turn, found)),
        *sections,
        *(_actions(turn, found) if following is None else ()),
    ]
    more = {"follow_up": found.id, "start": following}
    buttons = [] if following is None else [Button(say("follow_up.next_page"), "unit_follow_up", more)]
    to_unit = Button(say("unit_follow_ups.to_unit"), "show_unit", {"unit": found.unit_id})
    return Reply(card=Card(say("follow_up.summary"), tuple(parts), (*buttons, to_unit)))


OFFERED = (Verb("unit_follow_up", Conversation.PROVIDER, read_texts),)
