"""A signal raised at any time: the form, its mistakes, and what follows when it is stored."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.form_fields import by_field, fields, problem_banner
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup.people import Conversation
from followup.signals.signal import QUESTIONS, Signal, is_serious
from followup.wording.form import UNANSWERED, asked
from followup.wording.wording import Problem
from services.acting import Refused
from services.signals.raising import raise_signal
from services.views.signals import cases_to_choose
from services.views.unit_names import followed, name_of


def signal_form(turn: Turn) -> Reply:
    return Reply(card=_card(turn, _known_already(turn), []))


def _known_already(turn: Turn) -> dict[str, str]:
    """What the button that was pressed says of it: which child was moved, and when."""
    data = turn.said.press.data if turn.said.press else {}
    return {name: str(data[name]) for name in ("placement", "kind", "event_on") if name in data}


def _card(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    parts: list[Part] = [
        Text(say("signal.title"), "title"),
        Text(say("signal.not_lex_sarah"), "warning"),
        *problem_banner(problems, say),
        *_about(turn, typed, problems),
        *fields(asked(QUESTIONS, free_text=turn.municipality.free_text), typed, problems, say, "signal"),
        *([] if turn.municipality.free_text else [Text(say("minimal.signal"), "subtle")]),
    ]
    buttons = (
        Button(say("signal.hand_in"), "hand_in_signal", takes_inputs=True),
        Button(say("signal.cancel"), "cancel"),
    )
    return Card(say("signal.summary"), tuple(parts), buttons)


def _about(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> list[Field]:
    """The placement, for those who have any, and the unit."""
    wrong = by_field(problems, turn.say)
    mine = cases_to_choose(turn.acting)
    cases = tuple(Choice(str(one.id), f"{one.case_reference}, {one.unit_name}") for one in mine)
    all_units = tuple(Choice(str(one.id), one.name) for one in followed(turn.acting))
    both = [("placement", cases), ("unit", all_units)]
    return [
        Field(
            name,
            "choice",
            turn.say(f"signal.{name}"),
            typed.get(name, ""),
            (Choice(UNANSWERED, turn.say("choice.unanswered")), *choices),
            problem=wrong.get(name, ""),
            compact=True,
            hint=turn.say(f"signal.{name}.hint") if name == "unit" and mine else "",
        )
        for name, choices in both
        if choices
    ]


def hand_in_signal(turn: Turn) -> Reply:
    typed = turn.press.inputs
    raised = raise_signal(turn.acting, typed)
    if isinstance(raised, Refused):
        return Reply(card=_card(turn, typed, raised.problems))
    return Reply(card=receipt(turn, raised), effect=Stored("signal", {"signal": raised.id}))


def receipt(turn: Turn, signal: Signal) -> Card:
    """The number and the unit, and no child."""
    say, unit = turn.say, name_of(turn.acting, signal.unit_id)
    parts = [
        Text(say("signal.received_title"), "title"),
        Text(say("signal.received", number=signal.number, unit=unit), "good"),
        Text(say(f"signal.{_with_whom(signal)}")),
        Text(say("signal.not_lex_sarah"), "subtle"),
    ]
    return Card(say("signal.received_title"), tuple(parts))


def _with_whom(signal: Signal) -> str:
    if signal.cause == "authority":
        return "manager_has"
    return "quality_told" if is_serious(signal) else "quality_has"


def cancel(turn: Turn) -> Reply:
    return Reply(card=Card(turn.say("signal.cancelled"), (Text(turn.say("signal.cancelled"), "subtle"),)))


OFFERED = (
    Command("signal_form", Conversation.SIGNAL, ("signal", "avvikelse", "klagomål", "synpunkt"), signal_form),
    Verb("signal_form", Conversation.SIGNAL, signal_form),
    Verb("hand_in_signal", Conversation.SIGNAL, hand_in_signal),
    Verb("cancel", Conversation.SIGNAL, cancel),
)
