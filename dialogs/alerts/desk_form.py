"""A form of the quality team's desk as a card: what it is about, its questions, what is wrong, send and back."""

from collections.abc import Iterable, Mapping, Sequence

from dialogs.card import Button, Card, Field, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.turn import Reply, Turn
from followup.wording.form import Question
from followup.wording.wording import Problem


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
    return Card(turn.say("desk.form_summary"), tuple(parts), buttons)


def sent_back(turn: Turn, card: Card, problems: Sequence[Problem]) -> Reply:
    """The form with what is wrong; where others look on only the words, so that what is typed is not drawn there."""
    if not turn.said.channel:
        return Reply(card=card)
    wrong = (f"{turn.say(f'desk.{one.field}')}: {turn.say.say(one.what)}" for one in problems)
    return Reply(notice=" ".join(dict.fromkeys(wrong)))
