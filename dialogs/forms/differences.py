"""What is stored beside what was typed, question by question, before one press lets the one replace the other."""

from collections.abc import Mapping, Sequence

from dialogs.card import Facts, Part, Text
from followup.wording.form import UNANSWERED, Question, clean_text, read_day
from texts.catalogue import Texts


def differences(
    questions: Sequence[Question], stored: Mapping[str, str], typed: Mapping[str, str], say: Texts, form: str
) -> list[Part]:
    """Nothing where they say the same."""
    pairs = [
        (say(f"{form}.{one.id}"), _both(one, stored, typed, say))
        for one in questions
        if _answer(one, stored) != _answer(one, typed)
    ]
    return [Text(say("differs.about"), "problem"), Facts(tuple(pairs))] if pairs else []


def _answer(question: Question, answers: Mapping[str, str]) -> str:
    answer = clean_text(answers.get(question.id, ""))
    return "" if answer == UNANSWERED or not question.asked(answers) else answer


def _both(question: Question, stored: Mapping[str, str], typed: Mapping[str, str], say: Texts) -> str:
    then, now = (in_words(question, _answer(question, one), say) for one in (stored, typed))
    return say("differs.both", stored=then, typed=now)


def in_words(question: Question, answer: str, say: Texts) -> str:
    """An answer as people read it."""
    if not answer:
        return say("differs.nothing")
    if question.kind == "choice" and answer in question.choices:
        return say(f"choice.{question.choice_set}.{answer}")
    day = read_day(answer) if question.kind == "date" else None
    return answer if day is None else say.write(day)
