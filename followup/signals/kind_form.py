"""What the form of a signal shows and asks of each kind, and whether anything is told in it beside which kind it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from followup.terms import SIGNAL_KINDS
from followup.wording.form import UNANSWERED, Question
from followup.wording.wording import Problem, wording

# What a form begins with. Nobody has told of anything by leaving it so.
AT_FIRST: Mapping[str, str] = {"occurred": "happened"}
_KIND = "kind"
_ABOUT = "category"


def of_kind(questions: Sequence[Question], typed: Mapping[str, str]) -> list[Question]:
    """Only what is asked of the kind, with what that can be about; of no kind what all have, and what is answered."""
    kind = SIGNAL_KINDS.get(typed.get(_KIND, ""))
    if kind is None:
        return [one for one in questions if one.asked_if is None or _is_answered(typed, one.id)]
    found = [one for one in questions if one.asked(typed)]
    return [
        replace(one, choices=kind.categories) if one.id == _ABOUT else one
        for one in found
        if one.id != _ABOUT or kind.categories
    ]


def is_told(typed: Mapping[str, str]) -> bool:
    """Whether anything is said of what has happened; a kind that was chosen says nothing of it."""
    return any(
        _is_answered(typed, name) and answer != AT_FIRST.get(name)
        for name, answer in typed.items()
        if name != _KIND
    )


def not_shown(
    questions: Sequence[Question], typed: Mapping[str, str], drawn: str | None, wrong: Sequence[Problem]
) -> list[Problem]:
    """What is asked of the kind that was chosen in the form of another, which did not show it.

    `drawn` is the kind that the form was drawn for, None where it showed the questions of them all; `wrong` is known.
    """
    if drawn is None or drawn == typed.get(_KIND):
        return []
    shown = {one.id for one in of_kind(questions, {**typed, _KIND: drawn})} | {one.field for one in wrong}
    asked = (one.id for one in of_kind(questions, typed) if one.id not in shown)
    return [Problem(one, wording("signal.not_shown")) for one in asked if not _is_answered(typed, one)]


def _is_answered(typed: Mapping[str, str], name: str) -> bool:
    return typed.get(name, "").strip() not in ("", UNANSWERED)
