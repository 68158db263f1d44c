"""The month's form in sections: what is asked anew and what is unusual first, then what is as usual, folded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dialogs.card import Button, ListRow, Part, Text
from dialogs.forms.form_fields import fields
from dialogs.month.signal_blocks import MOST_SIGNALS, FilledSignals, signal_parts
from dialogs.turn import Turn
from followup.month import report as form
from followup.month.report import corrected_with
from followup.times.month import MonthName
from followup.wording.form import UNANSWERED, Question, asked
from followup.wording.wording import Problem
from services.views.month import ReportSeen

# Whoever opens the form in the place of a tick mostly does so for one of the five areas.
_NEVER_FOLDED = "areas"


@dataclass(frozen=True)
class FilledForm:
    """What stands in the form, with room for so many signals; `only` is the one answer that is asked, "" for all."""

    typed: Mapping[str, str]
    problems: Sequence[Problem]
    blocks: int
    only: str = ""

    def shows(self, question: Question) -> bool:
        return not self.only or question.id in corrected_with(self.only)

    def is_usual(self, questions: Sequence[Question]) -> bool:
        """Whether all that is asked is answered as where nothing is the matter, and none of it is to be asked anew."""
        wrong = {one.field for one in self.problems}
        there = [one for one in questions if one.asked(self.typed)]
        return all(
            not one.fresh and one.ordinary and self.typed.get(one.id) == one.ordinary and one.id not in wrong
            for one in there
            if one.kind == "choice"
        ) and any(one.ordinary for one in there)


def form_sections(
    turn: Turn, seen: ReportSeen, filled: FilledForm, send: Button
) -> tuple[list[Part], list[Part]]:
    """Those that are open, in their order, and those that are folded; `send` stands in the middle too."""
    questions = asked(form.QUESTIONS, free_text=turn.municipality.free_text)
    opened, folded = list[Part](), list[Part]()
    for section, group in groupby(filter(filled.shows, questions), key=lambda one: one.section):
        of_section = list(group)
        parts = fields(
            of_section,
            filled.typed,
            filled.problems,
            turn.say,
            "report",
            month=MonthName(seen.task.month),
        )
        if section == "signals":
            parts += signal_parts(
                turn, seen, FilledSignals(filled.typed, filled.problems, filled.blocks), send.data
            )
        if not filled.only and section != _NEVER_FOLDED and filled.is_usual(of_section):
            folded += _folded(turn, section, parts)
        else:
            opened += parts
        if section == _NEVER_FOLDED and not filled.only and _has_the_rest(questions, filled):
            opened.append(ListRow(turn.say("report.rest_as_it_was"), button=send))
    return opened, folded


def _has_the_rest(questions: Sequence[Question], filled: FilledForm) -> bool:
    """Whether all that need not be answered anew stands in the form already, and the largest card is not too large."""
    if filled.blocks == MOST_SIGNALS:
        return False
    rest = (one for one in questions if one.required and not one.fresh and one.asked(filled.typed))
    return all(filled.typed.get(one.id, UNANSWERED) != UNANSWERED for one in rest)


def _folded(turn: Turn, section: str, parts: Sequence[Part]) -> list[Part]:
    title = turn.say("report.as_usual", section=turn.say(f"section.{section}"))
    return [Text(title, "folded"), *parts[1:]]
