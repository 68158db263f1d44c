"""One child's months: what was answered each of them, and the signals that came with it."""

from dialogs.clocks.clock_rows import note
from dialogs.forms.differences import in_words
from followup import PlacementId
from followup.month.report import QUESTIONS
from followup.people import Conversation
from services.acting import Refused
from services.views.child import MonthAnswered, child_history
from texts.catalogue import Texts, capital
from workspace.frame.answer import PageAnswer, Shown, refused
from workspace.frame.entry import PageOf
from workspace.frame.visit import Visit


def child(visit: Visit) -> PageAnswer:
    found = child_history(visit.acting, visit.asked.number("placement", PlacementId))
    if isinstance(found, Refused):
        return refused(found)
    values = {
        "child": found,
        "answers_of": lambda month: _answers(month, visit.say),
        "capital": capital,
        "word_of": lambda one: capital(visit.say.say(one.clock.said("clock"))),
        "left_of": lambda one: note(one.due, visit.acting.today, visit.say),
    }
    return Shown("child.html", visit.say("page.child"), values)


def _answers(month: MonthAnswered, say: Texts) -> list[tuple[str, str]]:
    """Each answer by its question, those that were not asked or not answered left out."""
    answers = month.report.answers
    return [
        (say(f"report.{one.id}"), in_words(one, answers[one.id], say))
        for one in QUESTIONS
        if answers.get(one.id)
    ]


OFFERED = (PageOf("/barn/{placement}", Conversation.REPORT, child),)
