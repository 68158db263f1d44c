"""What is said unasked about follow-ups and actions: to the one who has one, as its day comes, and to her manager."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.given import given_card
from dialogs.forms.lists import MOST_ROWS
from followup.messages.follow_ups import ActionDue, ActionGiven, ActionLate, FollowUpGiven
from followup.times.calendar import municipal_day
from services.acting import Reader
from services.views.follow_up_messages import ActionTold, action_told, follow_up_given, late_action_told
from texts.catalogue import Texts


def follow_up_given_card(message: FollowUpGiven, reader: Reader, say: Texts) -> Card | None:
    """Where she is given several at once, a row each, the first of them first."""
    every = sorted((*message.others, message), key=lambda one: one.follow_up_id)
    found = [told for one in every if (told := follow_up_given(reader, one))]
    rows = [
        (
            say("follow_up_given.about", number=one.number, unit=one.unit),
            Button(say("alerts.open"), "show_follow_up", {"follow_up": one.id}),
        )
        for one in found
    ]
    return given_card("follow_up_given.title", rows, say)


def action_given_card(message: ActionGiven, reader: Reader, say: Texts) -> Card | None:
    """In the same way."""
    every = sorted((*message.others, message), key=lambda one: one.action_id)
    found = [told for one in every if (told := action_told(reader, one))]
    rows = [(say("action_given.about", **_values(one)), _open(one, say)) for one in found]
    return given_card("action_given.title", rows, say)


def action_due_card(message: ActionDue, reader: Reader, say: Texts) -> Card | None:
    """How many days are left when it can be read; where she is reminded of several at once, a row each."""
    found = [told for one in (*message.others, message) if (told := action_told(reader, one))]
    if not found:
        return None
    parts: list[Part] = []
    for told in found[:MOST_ROWS]:
        when = _when(told, reader.now, say)
        parts.append(Text(when) if len(found) == 1 else ListRow(when, button=_open(told, say)))
        if not told.is_owners:
            parts.append(Text(say("action_due.ownerless", name=told.owner), "warning"))
    card = _card("action_due.title", say, [*parts, *_more(found, say)], found[0] if len(found) == 1 else None)
    rest = (Button(say("actions.all"), "actions"),) if len(found) > MOST_ROWS else ()
    return replace(card, buttons=(*card.buttons, *rest))


def _when(told: ActionTold, now: datetime, say: Texts) -> str:
    days = (told.due_on - municipal_day(now)).days
    if not days:
        return say("action_due.today", **_values(told))
    return say("action_due.coming" if days > 0 else "action_due.passed", n=days, **_values(told))


def action_late_card(message: ActionLate, reader: Reader, say: Texts) -> Card | None:
    found = [told for one in (*message.others, message) if (told := late_action_told(reader, one))]
    if not found:
        return None
    about = [Text(say("action_late.about", name=told.owner, **_values(told))) for told in found[:MOST_ROWS]]
    return _card("action_late.title", say, [*about, *_more(found, say), Text(say("action_late.do"))], None)


def _more(found: Sequence[ActionTold], say: Texts) -> list[Part]:
    """However many wait to be told of, the card is no larger than Teams takes."""
    rest = len(found) - MOST_ROWS
    return [Text(say("evidence.more", n=rest), "subtle")] if rest > 0 else []


def _values(told: ActionTold) -> dict[str, object]:
    return {"number": told.number, "unit": told.unit, "due": told.due_on}


def _open(told: ActionTold, say: Texts) -> Button:
    return Button(say("alerts.open"), "show_action", {"action": told.id})


def _card(title: str, say: Texts, parts: list[Part], told: ActionTold | None) -> Card:
    open_it = (_open(told, say),) if told else ()
    return Card(say(title), (Text(say(title), "title"), *parts), open_it)
