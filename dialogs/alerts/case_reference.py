"""A child's case reference, opened by the quality team: one item of evidence at a time, for a reason that is logged."""

from collections.abc import Sequence

from dialogs.alerts.evidence_card import items_shown
from dialogs.card import Button, Card, Choice, Facts, Field, Part, Text
from dialogs.forms.form_fields import by_field, problem_banner
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn, read_beside
from followup import UnitId
from followup.access.access import DataKind
from followup.log.subject import What
from followup.people import Conversation
from followup.wording.form import Question, read
from followup.wording.wording import Problem, wording
from services.views.case_references import CaseReferenceSeen, case_reference, is_known, reading_of

REASON = Question("reason", "text", "reference")


def reference_form(turn: Turn) -> Reply:
    """From a card of evidence, or `aktreferens A-3`."""
    if not _may_open(turn):
        return Reply(notice=turn.say("refused.role"))
    return _to_fill_in(turn, "", [])


def _may_open(turn: Turn) -> bool:
    return turn.acting.opens(DataKind.CASE_REFERENCE)


def _named(turn: Turn) -> str:
    """The number chosen or typed in the form, carried by the button, or written after the command."""
    if turn.said.press is None:
        return turn.said.rest
    carried = turn.press.data.get("item")
    return turn.press.inputs.get("item") or (carried if isinstance(carried, str) else "")


def _to_fill_in(turn: Turn, reason: str, problems: Sequence[Problem]) -> Reply:
    """Where the card was about a unit, the item is chosen among all its evidence."""

    def drawn(later: Turn) -> Reply:
        return Reply(card=_form(later, _named(later), reason, problems))

    return read_beside(turn, drawn, is_form=True) if "unit" in _carried(turn) else drawn(turn)


def _form(turn: Turn, item: str, reason: str, problems: Sequence[Problem]) -> Card:
    say, wrong = turn.say, by_field(problems, turn.say)
    parts: tuple[Part, ...] = (
        Text(say("reference.title"), "title"),
        Text(say("reference.about")),
        *problem_banner(problems, say),
        _which(turn, item, wrong.get("item", "")),
        Field(
            "reason",
            "text",
            say("reference.reason"),
            reason,
            required=True,
            problem=wrong.get("reason", ""),
            hint=say("reference.reason.hint"),
        ),
    )
    buttons = (Button(say("reference.send"), "show_reference", takes_inputs=True), *_back(turn))
    return Card(say("reference.summary"), parts, buttons, _carried(turn))


def _which(turn: Turn, item: str, problem: str) -> Field:
    """To choose among the unit's evidence where the card was about a unit, else to type."""
    unit_id = turn.press.id("unit", UnitId) if turn.said.press else None
    reading, label = reading_of(turn.acting, unit_id), turn.say("reference.item")
    if reading is None:
        hint = turn.say("reference.item.hint")
        return Field("item", "line", label, item, required=True, problem=problem, hint=hint)
    choices = tuple(Choice(number, number) for number in items_shown(reading))
    return Field("item", "choice", label, item, choices, required=True, problem=problem, compact=True)


def _carried(turn: Turn) -> dict[str, object]:
    """The unit and the alert that the evidence was opened from."""
    if turn.said.press is None:
        return {}
    named = {name: turn.press.number(name) for name in ("unit", "alert")}
    return {name: number for name, number in named.items() if number is not None}


def _back(turn: Turn) -> tuple[Button, ...]:
    alert = _carried(turn).get("alert")
    return () if alert is None else (Button(turn.say("alert.evidence"), "alert_evidence", {"alert": alert}),)


def show_reference(turn: Turn) -> Reply:
    """Shows the one case reference and logs it, every time; or all that is wrong with what was asked."""
    if not _may_open(turn):
        return Reply(notice=turn.say("refused.role"))
    answers, problems = read([REASON], turn.press.inputs, turn.acting.today)
    if not is_known(turn.acting, _named(turn)):
        problems = [Problem("item", wording("reference.unknown")), *problems]
    if problems:
        _log_offered(turn)
        return _to_fill_in(turn, turn.press.inputs.get("reason", ""), problems)
    return Reply(card=_shown(turn, case_reference(turn.acting, _named(turn), answers["reason"])))


def _log_offered(turn: Turn) -> None:
    """The form that is shown again offers the numbers of the unit's evidence."""
    unit_id = _carried(turn).get("unit")
    if unit_id is not None:
        turn.log("read", What.UNIT.of(unit_id))


def _shown(turn: Turn, found: CaseReferenceSeen) -> Card:
    say = turn.say
    facts = [
        (say("alert.unit"), found.unit),
        (say("reference.when"), say.write(found.when)),
        *_child(turn, found),
    ]
    parts = (
        Text(say("reference.of", number=found.number), "title"),
        Facts(tuple(facts)),
        Text(say("reference.logged"), "subtle"),
    )
    return Card(say("reference.summary"), parts, _back(turn), _carried(turn))


def _child(turn: Turn, found: CaseReferenceSeen) -> list[tuple[str, str]]:
    if found.case_reference is None:
        return [(turn.say("reference.case"), turn.say("reference.no_child"))]
    return [
        (turn.say("reference.case"), found.case_reference),
        (turn.say("reference.owner"), found.owner or turn.say("alert.nobody_short")),
    ]


OFFERED = (
    Command(
        "reference_form",
        Conversation.CASE_REFERENCE,
        ("aktreferens", "akt", "reference"),
        reference_form,
        takes_words=True,
    ),
    Verb("reference_form", Conversation.CASE_REFERENCE, reference_form),
    Verb("show_reference", Conversation.CASE_REFERENCE, show_reference),
)
