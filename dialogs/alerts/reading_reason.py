"""Why somebody of the quality team reads a text about a child: one choice of a list, with words where it is another."""

from collections.abc import Mapping, Sequence

from dialogs.alerts.desk_form import form_card
from dialogs.card import Button, Card, Field
from dialogs.turn import Turn
from followup.times.calendar import municipal_day
from followup.wording.form import Question, read
from followup.wording.wording import Problem, wording
from texts.catalogue import Texts

OTHER = "other"
REASONS = ("assess_alert", "assess_signal", "duty_to_notify", "plan_follow_up", "review_evidence", OTHER)
WHY = Question("why_read", "choice", "desk", "why_read", REASONS)
WORDS = Question("why_words", "line", "desk", required=False)
QUESTIONS = (WHY, WORDS)
# The log is read in the municipality's own language, whatever the reader's.
LOGGED = Texts("sv")


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
