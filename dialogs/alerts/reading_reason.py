"""Why somebody of the quality team reads a text about a child, and what of the texts about a thing is open to her."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs.alerts.desk_form import form_card
from dialogs.card import Button, Card, Field
from dialogs.turn import Turn
from followup.access.access import Kind
from followup.access.small_unit import Audience
from followup.form import Question, read
from followup.log.subject import Subject
from followup.times.calendar import municipal_day
from followup.wording import Problem, wording
from services.acting import Reader
from storage.log import openings
from texts.catalogue import Texts

OTHER = "other"
REASONS = ("assess_alert", "assess_signal", "duty_to_notify", "plan_follow_up", "review_evidence", OTHER)
WHY = Question("why_read", "choice", "desk", "why_read", REASONS)
WORDS = Question("why_words", "line", "desk", required=False)
QUESTIONS = (WHY, WORDS)
# The log is read in the municipality's own language, whatever the reader's.
LOGGED = Texts("sv")


@dataclass(frozen=True)
class Opening:
    """What of the texts about an alert or a signal its reader may see now: her own, and all after a reason.

    `person_id` is None for one who reads none of them.
    """

    person_id: int | None = None
    whole: bool = False

    def shows(self, author_id: int | None) -> bool:
        return self.whole or (author_id is not None and author_id == self.person_id)


def opening_of(reader: Reader, subject: Subject) -> Opening:
    """A reason opens all that was written about the thing until midnight, in the reader's own chat."""
    person = reader.person
    if person is None or reader.audience != Audience.QUALITY or not reader.opens(Kind.NOTES):
        return Opening()
    return Opening(person.id, openings.is_open(reader.tx, subject, person.id, reader.today))


def reason_card(
    turn: Turn,
    title: str,
    typed: Mapping[str, str],
    problems: Sequence[Problem],
    buttons: tuple[Button, ...],
    chosen: Sequence[Field] = (),
) -> Card:
    """`chosen` asks which text, where the button did not say."""
    about = [turn.say("reading.about")]
    return form_card(turn, title, about, QUESTIONS, typed, problems, buttons, chosen=chosen)


def given_reason(turn: Turn) -> tuple[str, list[Problem]]:
    """The reason as it stands in the log, and what is wrong with it."""
    answers, problems = read(QUESTIONS, turn.press.inputs, municipal_day(turn.now))
    chosen, words = answers.get("why_read", ""), answers.get("why_words", "")
    if chosen == OTHER and not words and not problems:
        problems = [Problem("why_words", wording("reading.other_needs_words"))]
    if problems:
        return "", problems
    label = LOGGED(f"choice.why_read.{chosen}")
    return f"{label}: {words}" if words else label, []
