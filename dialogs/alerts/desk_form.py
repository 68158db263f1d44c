"""A form of the quality team's desk as a card: what it is about, its questions, what is wrong, send and back."""

from collections.abc import Iterable, Mapping, Sequence

from dialogs.card import Button, Card, Field, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.turn import Turn
from followup.form import Question
from followup.wording import Problem


def form_card(
    turn: Turn,
    title: str,
    about: Iterable[str],
    questions: Sequence[Question],
    typed: Mapping[str, str],
    problems: Sequence[Problem],
    buttons: tuple[Button, ...],
    *,
    chosen: Sequence[Field] = (),
) -> Card:
    """`chosen` are fields whose choices are not fixed, such as people; they come before the questions.

    What is wrong with an answer that is not asked for here is said above them.
    """
    fields_shown = {one.id for one in questions} | {one.id for one in chosen}
    beside = {turn.say.say(one.what) for one in problems if one.field not in fields_shown}
    parts: list[Part] = [
        Text(title, "title"),
        *(Text(sentence) for sentence in about),
        *problem_banner(problems, turn.say),
        *(Text(sentence, "problem") for sentence in sorted(beside)),
        *chosen,
        *fields(questions, typed, problems, turn.say, "desk"),
    ]
    return Card(turn.say("alert.summary"), tuple(parts), buttons)


def kept(turn: Turn, questions: Sequence[Question]) -> Mapping[str, str]:
    """What was typed: refused text stays for the one who wrote it, but never where others look on."""
    if not turn.said.channel:
        return turn.press.inputs
    free = {question.id for question in questions if question.kind in ("text", "line")}
    return {name: typed for name, typed in turn.press.inputs.items() if name not in free}
