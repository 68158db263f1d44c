"""The selection's forms: what to freeze with, the public value, the unit to add or remove and why, and locking."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.selection.selection_card import back_button, unit_name
from dialogs.turn import Turn
from followup.selection.candidates import days_of
from followup.selection.cycle import Cycle
from followup.selection.selection import coverage_sentence
from followup.selection.selection_frame import Parameters
from followup.times.calendar import municipal_day
from followup.wording.wording import Problem, Wording
from services.selection.selection_state import SelectionState, selection_name
from services.selection.selection_steps import FREEZE
from services.views.unit_names import names_by_key
from texts.catalogue import Texts

USUAL_LARGEST = {"largest_number": f"{100 * Fraction(Parameters().share)} %"}


def freeze_card(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    of_fields = [problem for problem in problems if problem.field]
    whole = [Text(say.say(problem.what), "problem") for problem in problems if not problem.field]
    defaults = {name: str(value) for name, value in vars(Parameters()).items()} | USUAL_LARGEST
    this_year = municipal_day(turn.now).year
    years = tuple(Choice(str(year), str(year)) for year in (this_year, this_year + 1))
    parts: tuple[Part, ...] = (
        Text(say("selection.freeze"), "title"),
        Text(say("selection.freeze.about", **days_of(municipal_day(turn.now)))),
        *problem_banner(of_fields, say),
        *whole,
        Field(
            "year", "choice", say("selection.year"), typed.get("year", str(this_year)), years, required=True
        ),
        *_halves(turn, typed),
        *fields(FREEZE, {**defaults, **typed}, of_fields, say, "selection"),
    )
    buttons = (
        Button(say("selection.freeze.send"), "freeze_selection", takes_inputs=True),
        Button(say("selection.back"), "selection"),
    )
    return Card(say("selection.freeze"), parts, buttons)


def _halves(turn: Turn, typed: Mapping[str, str]) -> list[Part]:
    """Which half of the year, where a selection is made for each; the one that begins next is filled in."""
    dates, say = turn.municipality.year, turn.say
    if not dates.halves:
        return []
    today = municipal_day(turn.now)
    usual = 1 if today < dates.on("proposal", today.year, 2) - timedelta(days=90) else 2
    offered = tuple(Choice(str(part), say(f"selection.half.{part}")) for part in dates.parts)
    return [
        Field("half", "choice", say("selection.half"), typed.get("half", str(usual)), offered, required=True)
    ]


def draw_card(turn: Turn, cycle: Cycle, typed: str, problems: Sequence[Wording]) -> Card:
    say = turn.say
    wrong = " ".join(say.say(problem) for problem in problems)
    label = say("selection.doc.public_value")
    parts = (
        Text(say("selection.draw"), "title"),
        Text(say("selection.draw.about", value=cycle.public_value_name)),
        Field("public_value", "line", label, typed, required=True, problem=wrong),
    )
    buttons = (Button(say("selection.draw.send"), "draw_selection", takes_inputs=True), back_button(say))
    return Card(say("selection.draw"), parts, buttons, {"cycle": cycle.id})


def add_card(turn: Turn, cycle: Cycle, typed: Mapping[str, str], problems: Sequence[Wording]) -> Card:
    say = turn.say
    parts: tuple[Part, ...] = (
        Text(say("selection.add"), "title"),
        *(Text(say.say(problem), "problem") for problem in problems),
        Field("unit", "line", say("selection.add.unit"), typed.get("unit", ""), required=True),
        Field("reason", "text", say("selection.why"), typed.get("reason", ""), required=True),
    )
    buttons = (Button(say("selection.add.send"), "selection_add", takes_inputs=True), back_button(say))
    return Card(say("selection.add"), parts, buttons, {"cycle": cycle.id})


def remove_card(turn: Turn, cycle: Cycle, typed: str, problems: Sequence[Wording]) -> Card:
    say, key = turn.say, str(turn.press.data.get("unit"))
    known = names_by_key(turn.acting)
    wrong = " ".join(say.say(problem) for problem in problems)
    parts = (
        Text(say("selection.remove", unit=unit_name(key, known)), "title"),
        Text(say("selection.remove.about")),
        Field("reason", "text", say("selection.why"), typed, required=True, problem=wrong),
    )
    buttons = (Button(say("selection.act.remove"), "selection_remove", takes_inputs=True), back_button(say))
    return Card(say("selection.act.remove"), parts, buttons, {"cycle": cycle.id, "unit": key})


def lock_card(state: SelectionState, say: Texts) -> Card:
    """What is about to become final, before it does."""
    cycle = state.cycle
    parts: tuple[Part, ...] = (
        Text(say("selection.lock.title", selection=selection_name(cycle.year, cycle.name)), "title"),
        Text(say("selection.lock.about", n=len(state.selected), adjusted=len(state.adjustments))),
        Text(say.say(coverage_sentence(state.coverage))),
        *(Text(say.say(note), "warning") for note in state.notes),
        Text(say("selection.lock.final"), "warning"),
    )
    seen = {"adjusted": len(state.adjustments)}
    buttons = (Button(say("selection.lock.send"), "lock_selection", seen), back_button(say))
    return Card(say("selection.lock"), parts, buttons, {"cycle": cycle.id})
