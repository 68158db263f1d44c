"""A form as data: its questions, and the one reader that gives either all answers or all problems."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from followup.wording.secrecy import holds_personal_number
from followup.wording.wording import Problem, wording

Kind = Literal["choice", "choices", "date", "text", "line"]
EARLIEST = date(2000, 1, 1)
LONGEST_TEXT = 4000
UNANSWERED = "-"
# Some clients send the moment when the day begins; any other time would leave it open which day was meant.
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)


@dataclass(frozen=True)
class InFile:
    """How a question stands in the municipality's files: its header, and a word for each choice in their order."""

    header: str
    words: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True)
class Question:
    """`fresh` questions are never answered by last month's answer; `choice_set` names the choices' texts.

    `asked_if` holds other questions and the answers to any of them that make this one asked; `ordinary` is the
    answer where nothing is the matter.
    """

    id: str
    kind: Kind
    section: str
    choice_set: str = ""
    choices: tuple[str, ...] = ()
    required: bool = True
    fresh: bool = False
    may_be_future: bool = False
    asked_if: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    in_file: InFile | None = None
    ordinary: str = ""

    def __post_init__(self) -> None:
        if (
            self.in_file
            and self.kind in ("choice", "choices")
            and len(self.in_file.words) != len(self.choices)
        ):
            raise ValueError(
                f"{self.id}: {len(self.in_file.words)} words in files, {len(self.choices)} choices"
            )

    def asked(self, typed: Mapping[str, str]) -> bool:
        if self.asked_if is None:
            return True
        others, answers = self.asked_if
        return any(typed.get(other, "") in answers for other in others)


Answers = dict[str, str]


def without_free_text(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions for a municipality that keeps free text about children in its case files only."""
    return tuple(question for question in questions if question.kind not in ("text", "line"))


def kept_text(questions: Sequence[Question], answers: Answers, stored: Answers) -> Answers:
    """The answers with the texts that stand already, where this form does not ask for any."""
    asked_for = without_free_text(questions)
    texts = (one for one in questions if one not in asked_for and one.asked(answers))
    return {**answers, **{one.id: stored[one.id] for one in texts if stored.get(one.id)}}


def asked(questions: Sequence[Question], *, free_text: bool) -> tuple[Question, ...]:
    """The form's questions as a municipality asks them."""
    return tuple(questions) if free_text else without_free_text(questions)


def refused_free_text(
    questions: Sequence[Question], typed: Mapping[str, str], shown_at: str, said: str
) -> list[Problem]:
    """Free text from a form that was drawn while it was still asked for: never stored, and never dropped in silence.

    `said` is the text that says so, empty where it is asked for.
    """
    if not said:
        return []
    kept = without_free_text(questions)
    typed_all_the_same = any(one not in kept and clean_text(typed.get(one.id, "")) for one in questions)
    return [Problem(shown_at, wording(said))] if typed_all_the_same else []


def read(
    questions: Sequence[Question], typed: Mapping[str, str], today: date
) -> tuple[Answers, list[Problem]]:
    """What was typed as clean answers, and every problem; unasked and empty answers are left out."""
    clean = {question.id: _typed(question, typed) for question in questions}
    asked = [question for question in questions if question.asked(clean)]
    problems = [problem for question in asked for problem in _problems(question, clean[question.id], today)]
    return {question.id: clean[question.id] for question in asked if clean[question.id]}, problems


def _typed(question: Question, typed: Mapping[str, str]) -> str:
    answer = clean_text(typed.get(question.id, ""))
    if question.kind == "date":
        day = read_day(answer)
        return day.isoformat() if day else answer
    if question.kind == "choices":
        return ",".join(one.strip() for one in re.split("[,;]", answer))
    return "" if question.kind == "choice" and answer == UNANSWERED else answer


def clean_text(text: str) -> str:
    """As every text is on its way in: one Unicode form, no outer blanks, and no sign that a document cannot hold.

    Line breaks and tabs stay, and so do the marks of writing direction that Arabic and Hebrew need.
    """
    if text.isprintable():
        # None of the signs that are taken out is.
        return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", "".join(filter(_may_be_stored, lines))).strip()


def clean_texts(value: Any) -> Any:
    """What came as JSON, with every text in it clean."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_texts(one) for one in value]
    if isinstance(value, dict):
        return {clean_text(name): clean_texts(one) for name, one in value.items()}
    return value


def _may_be_stored(sign: str) -> bool:
    if sign in "\n\t":
        return True
    code = ord(sign)
    is_no_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or sign == "\ufeff"
    return unicodedata.category(sign) not in ("Cc", "Cs") and not is_no_character


def _problems(question: Question, answer: str, today: date) -> Iterable[Problem]:
    if not answer:
        return [Problem(question.id, wording("form.missing"))] if question.required else []
    return _CHECKS[question.kind](question, answer, today)


def _choice(question: Question, answer: str, today: date) -> Iterable[Problem]:
    if answer not in question.choices:
        yield Problem(question.id, wording("form.not_a_choice"))


def _choices(question: Question, answer: str, today: date) -> Iterable[Problem]:
    if not set(answer.split(",")) <= set(question.choices):
        yield Problem(question.id, wording("form.not_a_choice"))


def _date(question: Question, answer: str, today: date) -> Iterable[Problem]:
    day = read_day(answer)
    if day is None:
        yield Problem(question.id, wording("form.not_a_date"))
    elif day > today and not question.may_be_future:
        yield Problem(question.id, wording("form.future_date"))
    elif day < EARLIEST:
        yield Problem(question.id, wording("form.too_old_date", earliest=EARLIEST))


def read_day(text: str) -> date | None:
    """A day written YYYY-MM-DD, as clients send it; None for anything else, also for days that do not exist."""
    written = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(written[1]) if written else None
    except ValueError:
        return None


def _text(question: Question, answer: str, today: date) -> Iterable[Problem]:
    if len(answer) > LONGEST_TEXT:
        yield Problem(question.id, wording("form.too_long", length=len(answer), longest=LONGEST_TEXT))
    if holds_personal_number(answer):
        yield Problem(question.id, wording("form.personal_number"))


_CHECKS = {"choice": _choice, "choices": _choices, "date": _date, "text": _text, "line": _text}
