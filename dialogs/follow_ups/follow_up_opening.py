"""Opens a follow-up that neither a selection nor an alert asked for (R89): of which unit, and then its first step."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Field, Part, Text
from dialogs.follow_ups.follow_up_record import shown, stored
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup import UnitId
from followup.people import Conversation
from followup.wording.wording import Wording
from services.acting import Refused
from services.follow_ups import steps
from services.named import unit_named
from services.views.unit_names import followed_unit


def new_form(turn: Turn) -> Reply:
    """The unit is filled in where the button names one."""
    pressed = turn.press.id("unit", UnitId)
    unit = followed_unit(turn.acting, pressed)
    return Reply(card=_form(turn, {"unit": unit.name if unit else ""}, []))


def _form(turn: Turn, typed: Mapping[str, str], problems: Sequence[Wording]) -> Card:
    say = turn.say
    wrong = " ".join(say.say(problem) for problem in problems)
    parts: tuple[Part, ...] = (
        Text(say("follow_up.new"), "title"),
        Text(say("follow_up.new.about")),
        Field("unit", "line", say("selection.add.unit"), typed.get("unit", ""), required=True, problem=wrong),
    )
    buttons = (
        Button(say("follow_up.open"), "open_follow_up", takes_inputs=True),
        Button(say("follow_up.all"), "follow_ups"),
    )
    return Card(say("follow_up.summary"), parts, buttons)


def open_new(turn: Turn) -> Reply:
    """A unit that is being followed up already shows that follow-up."""
    unit, problems = unit_named(turn.acting, turn.press.inputs.get("unit", ""))
    if unit is None:
        return Reply(card=_form(turn, turn.press.inputs, problems))
    opened = steps.open_ad_hoc(turn.acting, unit.id)
    if isinstance(opened, Refused):
        return turn.refusal(opened, "follow_up.unknown")
    found, new = opened
    said = turn.say("follow_up.opened" if new else "follow_up.open_already", number=found.number)
    note = Text(said, "good" if new else "warning")
    return shown(turn, found, note, effect=stored(found) if new else None)


OFFERED = (
    Verb("new_follow_up_form", Conversation.FOLLOW_UPS, new_form),
    Verb("open_follow_up", Conversation.FOLLOW_UPS, open_new),
)
