"""A unit's follow-ups as its card tells of them: step, verdict and actions, and what was written after the verdict."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Facts, ListRow, Part, Text
from dialogs.follow_ups.follow_up_card import cut, facts, step_words, title
from dialogs.follow_ups.follow_up_record import page_of_sections
from dialogs.forms.lists import at_most
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup import FollowUpId
from followup.people import Conversation
from followup.provider import Unit
from services.acting import Refused
from services.views import follow_ups
from services.views.follow_ups import ActionView, FollowUpView
from texts.catalogue import Texts

MOST_FOLLOW_UPS, MOST_ACTIONS = 3, 5


def number_open(turn: Turn, unit: Unit) -> int:
    return follow_ups.number_open(turn.acting, unit.id)


def follow_up_parts(turn: Turn, unit: Unit) -> list[Part]:
    """The newest, each with its actions, for those who may know of more than how many there are."""
    found = follow_ups.of_unit(turn.acting, unit.id)
    told = [] if isinstance(found, Refused) else found[-MOST_FOLLOW_UPS:]
    rows = [part for one in reversed(told) for part in (_row(turn, one), *_actions(one, turn.say))]
    return [Text(turn.say("unit_follow_ups.title"), "heading"), *rows] if rows else []


def _row(turn: Turn, view: FollowUpView) -> ListRow:
    say, one = turn.say, view.one
    said = say(f"choice.verdict.{one.verdict}") if one.verdict else say("unit_follow_ups.no_verdict")
    return ListRow(f"{one.number} · {step_words(one, say)}", said, button=_button(turn, view))


def _button(turn: Turn, view: FollowUpView) -> Button | None:
    named = {"follow_up": view.one.id}
    if turn.acting.may(Conversation.FOLLOW_UPS):
        return Button(turn.say("alerts.open"), "show_follow_up", named)
    return Button(turn.say("unit_follow_ups.read"), "unit_follow_up", named) if view.reads else None


def _actions(view: FollowUpView, say: Texts) -> Sequence[Part]:
    """What, by when, and how it stands; there are none before the verdict that they follow from."""
    if view.one.verdict is None:
        return []
    return at_most(MOST_ACTIONS, [_action(one, say) for one in view.actions], "", say)


def _action(view: ActionView, say: Texts) -> ListRow:
    one = view.one
    stands = say("unit_follow_ups.action", due=one.due_on, state=say(f"action.state.{one.state}"))
    return ListRow(f"{one.number} · {cut(one.what)}" if one.what else one.number, stands)


def read_texts(turn: Turn) -> Reply:
    """What is written in a follow-up that has its verdict, as many cards as that takes."""
    view = follow_ups.texts(turn.acting, FollowUpId(turn.press.number("follow_up") or 0))
    if isinstance(view, Refused):
        return turn.refusal(view, "follow_up.unknown")
    say, start = turn.say, turn.press.number("start") or 0
    sections, following = page_of_sections(view.one, start, say)
    parts: list[Part] = [
        Text(title(view, say), "title"),
        Facts(facts(view, say)),
        *sections,
        *(_actions(view, say) if following is None else ()),
    ]
    more = {"follow_up": view.one.id, "start": following}
    buttons = [] if following is None else [Button(say("follow_up.next_page"), "unit_follow_up", more)]
    to_unit = Button(say("unit_follow_ups.to_unit"), "show_unit", {"unit": view.one.unit_id})
    return Reply(card=Card(say("follow_up.summary"), tuple(parts), (*buttons, to_unit)))


OFFERED = (Verb("unit_follow_up", Conversation.PROVIDER, read_texts),)
