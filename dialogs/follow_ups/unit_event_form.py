"""Registering what is known of a unit beside the evidence (händelse): IVO's decision, or another event."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Field, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.supplementary import supplementary_parts
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup import UnitId
from followup.follow_ups.unit_events import QUESTIONS, EventKind, read_event
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.wording.wording import Problem
from services.acting import Refused
from services.follow_ups.unit_events import register
from services.named import unit_named
from services.views.supplementary import supplementary
from services.views.unit_names import followed_unit, name_of


def event_form(turn: Turn) -> Reply:
    """`händelse ENHET`, or a button that carries the unit."""
    pressed = turn.said.press.id("unit", UnitId) if turn.said.press else None
    unit = followed_unit(turn.acting, pressed)
    return Reply(card=_form(turn, {"unit": unit.name if unit else turn.said.rest}, []))


def _form(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    wrong = " ".join(say.say(one.what) for one in problems if one.field == "unit")
    parts: tuple[Part, ...] = (
        Text(say("unit_event.title"), "title"),
        Text(say("unit_event.about")),
        *problem_banner(problems, say),
        Field("unit", "line", say("selection.add.unit"), typed.get("unit", ""), required=True, problem=wrong),
        *fields(QUESTIONS, typed, problems, say, "unit_event"),
    )
    save = Button(say("unit_event.save"), "save_unit_event", takes_inputs=True)
    return Card(say("unit_event.title"), parts, (save,))


def save_event(turn: Turn) -> Reply:
    """The same decision or event is registered once, however often it is handed in."""
    typed = turn.press.inputs
    unit, unclear = unit_named(turn.acting, typed.get("unit", ""))
    event, problems = read_event(typed, municipal_day(turn.now))
    problems = [*(Problem("unit", one) for one in unclear), *problems]
    if unit is None or event is None:
        return Reply(card=_form(turn, typed, problems))
    new = register(turn.acting, unit.id, event)
    if isinstance(new, Refused):
        return turn.refusal(new, "selection.add.no_unit")
    if not new:
        return Reply(card=_receipt(turn, unit.id, unit.name, turn.say("unit_event.there_already")))
    kept = {"unit": unit.id, "kind": event.kind}
    return Reply(card=_saved(turn, unit.id, unit.name, event.kind), effect=Stored("unit_event", kept))


def _saved(turn: Turn, unit_id: UnitId, unit: str, kind: EventKind) -> Card:
    return _receipt(
        turn, unit_id, unit, turn.say("unit_event.saved", kind=turn.say(f"choice.unit_event.{kind}"))
    )


def _receipt(turn: Turn, unit_id: UnitId, unit: str, said: str) -> Card:
    say = turn.say
    parts = (
        Text(say("unit_event.of", unit=unit), "title"),
        Text(said, "good"),
        *supplementary_parts(supplementary(turn.acting, unit_id), turn.municipality.contact_days, say),
    )
    more = Button(say("unit_event.more"), "unit_event_form", {"unit": unit_id})
    return Card(
        say("unit_event.title"), parts, (more, Button(say("provider.show"), "show_unit", {"unit": unit_id}))
    )


def told_again(turn: Turn, unit_id: UnitId, kind: EventKind) -> Reply:
    return Reply(card=_saved(turn, unit_id, name_of(turn.acting, unit_id), kind))


OFFERED = (
    Command(
        "unit_event", Conversation.UNIT_EVENT, ("händelse", "handelse", "event"), event_form, takes_words=True
    ),
    Verb("unit_event_form", Conversation.UNIT_EVENT, event_form),
    Verb("save_unit_event", Conversation.UNIT_EVENT, save_event),
)
