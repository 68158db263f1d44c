"""A signal raised at any time: the form, its mistakes, and what follows when it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.elsewhere import where_to_write
from dialogs.forms.form_fields import by_field, fields, problem_banner
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup import UnitId
from followup.people import Conversation
from followup.signals.kind_form import AT_FIRST, of_kind
from followup.signals.signal import QUESTIONS, Signal
from followup.terms import SIGNAL_KINDS
from followup.wording.form import UNANSWERED, asked
from followup.wording.wording import Problem
from services.acting import Refused
from services.signals.raising import NAMED, is_alerted, raise_signal
from services.views.signals import cases_to_choose
from services.views.unit_names import followed, name_of, offered

KIND_OF_WORD: Mapping[str, str] = {
    word: kind.code for kind in SIGNAL_KINDS.values() for word in (kind.word, kind.code)
}


def signal_form(turn: Turn, named: str = "", home: str = "") -> Reply:
    """The form of the kind that is named by its code, at the unit of that name; where none is, that is asked first."""
    typed = {**AT_FIRST, **_at_home(turn, home), **_known_already(turn)}
    kind = typed.get("kind") or named or _kind_typed(turn)
    if kind not in SIGNAL_KINDS:
        return Reply(card=_which_kind(turn))
    return Reply(card=_card(turn, {**typed, "kind": kind}, []))


def _known_already(turn: Turn) -> dict[str, str]:
    """What the button that was pressed says of it: its kind, or which child was moved, and when."""
    data = turn.said.press.data if turn.said.press else {}
    return {name: str(data[name]) for name in ("placement", "kind", "event_on") if name in data}


def _at_home(turn: Turn, home: str) -> dict[str, str]:
    """The unit, where it is one that is named, and not a provider with several."""
    known = followed(turn.acting) if home else ()
    named = [one for one in known if home in (one.name, one.provider_name)]
    return {"unit": str(named[0].id)} if len(named) == 1 else {}


def _kind_typed(turn: Turn) -> str:
    """Of the words that the command begins with those that are a kind's own."""
    first = "" if turn.said.press else (turn.said.text.casefold().split() or [""])[0]
    return KIND_OF_WORD.get(first.rstrip(".,:;!?"), "")


def _which_kind(turn: Turn) -> Card:
    say, title = turn.say, turn.say("signal.title")
    kinds = [
        Button(say(f"choice.signal_kind.{kind}"), "signal_form", {"kind": kind}) for kind in SIGNAL_KINDS
    ]
    parts = (
        Text(title, "title"),
        Text(say("signal.not_lex_sarah"), "warning"),
        Text(say("signal.which_kind")),
    )
    return Card(title, parts, (*kinds, Button(say("signal.cancel"), "cancel")))


def _card(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say, free_text = turn.say, turn.municipality.free_text
    questions, drawn = asked(QUESTIONS, free_text=free_text), typed.get("kind", "")
    parts: list[Part] = [
        Text(say("signal.title"), "title"),
        Text(say("signal.not_lex_sarah"), "warning"),
        *problem_banner(problems, say),
        *_about(turn, typed, problems),
        *fields(of_kind(questions, typed), typed, problems, say, "signal"),
        *([] if free_text else [Text(where_to_write(turn, "signal"), "subtle")]),
    ]
    buttons = (
        Button(say("signal.hand_in"), "hand_in_signal", {"drawn": drawn}, takes_inputs=True),
        Button(say("signal.cancel"), "cancel"),
    )
    return Card(say("signal.summary"), tuple(parts), buttons, page="ny-signal")


def _about(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> list[Field]:
    """The placement, for those who have any, and the unit; by its name where there are too many to choose among."""
    wrong, mine, known = by_field(problems, turn.say), cases_to_choose(turn.acting), offered(turn.acting)
    cases = [Choice(str(one.id), f"{one.case_reference}, {one.unit_name}") for one in mine]
    found = [_choice(turn, "placement", typed, cases, wrong)] if cases else []
    hint = turn.say("signal.unit.hint") if mine else ""
    if known is None:
        label, problem = turn.say("selection.add.unit"), wrong.get("unit", "")
        return [*found, Field(NAMED, "line", label, _named(turn, typed), problem=problem, hint=hint)]
    all_units = [Choice(str(one.id), one.name) for one in known]
    return [*found, *([replace(_choice(turn, "unit", typed, all_units, wrong), hint=hint)] if known else [])]


def _choice(
    turn: Turn, name: str, typed: Mapping[str, str], known: Sequence[Choice], wrong: Mapping[str, str]
) -> Field:
    return Field(
        name,
        "choice",
        turn.say(f"signal.{name}"),
        typed.get(name, ""),
        (Choice(UNANSWERED, turn.say("choice.unanswered")), *known),
        problem=wrong.get(name, ""),
        compact=True,
    )


def _named(turn: Turn, typed: Mapping[str, str]) -> str:
    """As it was typed, or as the unit is called that is known already."""
    known = typed.get("unit", "")
    return typed.get(NAMED) or (name_of(turn.acting, UnitId(int(known))) if known.isdecimal() else "")


def hand_in_signal(turn: Turn) -> Reply:
    typed = turn.press.inputs
    raised = raise_signal(turn.acting, typed, turn.press.word("drawn", ("", *SIGNAL_KINDS)))
    if isinstance(raised, Refused):
        return Reply(card=_card(turn, typed, raised.problems))
    return Reply(card=receipt(turn, raised), effect=Stored("signal", {"signal": raised.id}))


def receipt(turn: Turn, signal: Signal) -> Card:
    """The number and the unit, and no child."""
    say, unit = turn.say, name_of(turn.acting, signal.unit_id)
    parts = [
        Text(say("signal.received_title"), "title"),
        Text(say("signal.received", number=signal.number, unit=unit), "good"),
        Text(say(f"signal.{_with_whom(turn, signal)}")),
        Text(say("signal.not_lex_sarah"), "subtle"),
    ]
    return Card(say("signal.received_title"), tuple(parts))


def _with_whom(turn: Turn, signal: Signal) -> str:
    if signal.cause == "authority":
        return "manager_has"
    return "quality_told" if is_alerted(turn.acting, signal) else "quality_has"


def cancel(turn: Turn) -> Reply:
    return Reply(card=Card(turn.say("signal.cancelled"), (Text(turn.say("signal.cancelled"), "subtle"),)))


OFFERED = (
    Command("signal_form", Conversation.SIGNAL, ("signal", *KIND_OF_WORD), signal_form),
    Verb("signal_form", Conversation.SIGNAL, signal_form),
    Verb("hand_in_signal", Conversation.SIGNAL, hand_in_signal),
    Verb("cancel", Conversation.SIGNAL, cancel),
)
