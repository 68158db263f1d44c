"""A form's questions as a card's fields, with what was typed and every problem beside its field."""

from collections.abc import Iterable, Mapping, Sequence

from dialogs.card import Choice, Field, Part, Text
from followup.times.month import MonthName
from followup.wording.form import UNANSWERED, Question
from followup.wording.wording import Problem
from texts.catalogue import Texts


def fields(
    questions: Sequence[Question],
    typed: Mapping[str, str],
    problems: Iterable[Problem],
    say: Texts,
    form: str,
    prefix: str = "",
    month: MonthName | None = None,
) -> list[Part]:
    """One field a question, under a heading for each section; inputs are named `prefix` + the question's id.

    `month` is the one that is asked about, named where a question is about no other.
    """
    wrong = by_field(problems, say)
    parts: list[Part] = []
    section = ""
    for question in questions:
        if question.section != section:
            section = question.section
            if say.has(f"section.{section}"):
                parts.append(Text(say(f"section.{section}"), "heading"))
        label = label_of(question, say, form, month)
        value, problem = typed.get(question.id, ""), wrong.get(question.id, "")
        parts.append(_field(question, value, problem, say, form, prefix, label))
    return parts


def label_of(question: Question, say: Texts, form: str, month: MonthName | None) -> str:
    label = f"{form}.{question.id}"
    if month is not None and say.has(f"{label}.in_month"):
        return say(f"{label}.in_month", month=month)
    return say(label)


def _field(
    question: Question, value: str, problem: str, say: Texts, form: str, prefix: str, called: str
) -> Field:
    label = f"{form}.{question.id}"
    return Field(
        id=prefix + question.id,
        kind=question.kind,
        label=called,
        value=value,
        choices=_choices(question, say),
        required=question.required and question.asked_if is None,
        problem=problem,
        compact=len(question.choices) > 4,
        hint=say(f"{label}.hint") if say.has(f"{label}.hint") else "",
        been=not question.may_be_future,
    )


def _choices(question: Question, say: Texts) -> tuple[Choice, ...]:
    """A choice once made cannot be unmade in the clients, so one that may be left out has a choice for that."""
    offered = choices(question.choice_set, question.choices, say)
    if question.kind == "choice" and not question.required:
        return (Choice(UNANSWERED, say("choice.unanswered")), *offered)
    return offered


def choices(choice_set: str, values: Iterable[str], say: Texts) -> tuple[Choice, ...]:
    return tuple(Choice(value, say(f"choice.{choice_set}.{value}")) for value in values)


def with_prefix(prefix: str, inputs: Mapping[str, str]) -> dict[str, str]:
    """The inputs whose names begin with the prefix, named without it."""
    return {name.removeprefix(prefix): value for name, value in inputs.items() if name.startswith(prefix)}


def of_prefix(prefix: str, problems: Iterable[Problem]) -> list[Problem]:
    """The problems with the fields whose names begin with the prefix, named without it."""
    return [
        Problem(one.field.removeprefix(prefix), one.what) for one in problems if one.field.startswith(prefix)
    ]


def by_field(problems: Iterable[Problem], say: Texts) -> dict[str, str]:
    """What is wrong with each field, all of it."""
    said: dict[str, list[str]] = {}
    for problem in problems:
        said.setdefault(problem.field, []).append(say.say(problem.what))
    return {field: " ".join(dict.fromkeys(words)) for field, words in said.items()}


def problem_banner(problems: Sequence[Problem], say: Texts) -> list[Part]:
    """One line that says how many answers to look at; nothing where all is well."""
    number = len({problem.field for problem in problems})
    return [Text(say("form.problems", n=number), "problem")] if problems else []
