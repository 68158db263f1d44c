"""Correcting one answer of a ticked report alone: what was stated, each answer with its button."""

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.differences import in_words
from dialogs.forms.form_fields import label_of
from dialogs.month.task_rows import name_of, where
from dialogs.turn import Turn
from followup.month.report import QUESTIONS
from followup.month.rounds import Task
from followup.times.month import MonthName
from followup.wording.form import asked
from services.month.own_tasks import log_report, stored_answers


def which_answer(turn: Turn, task: Task) -> Card:
    """Of what the statement said; the whole form is there too."""
    say, answers = turn.say, stored_answers(turn.acting, task)
    log_report(turn.acting, task)
    questions = asked(QUESTIONS, free_text=turn.municipality.free_text)
    rows: list[Part] = [
        ListRow(
            label_of(one, say, "report", MonthName(task.month)),
            in_words(one, answers[one.id], say),
            button=Button(
                say("correct.change"), "open_form", {"task": task.id, "correct": True, "only": one.id}
            ),
        )
        for one in questions
        if answers.get(one.id)
    ]
    whole = {"task": task.id, "correct": True, "whole": True}
    parts = (
        Text(say("report.title", case=name_of(task)), "title"),
        Text(where(task, say), "subtle"),
        Text(say("correct.which")),
        *rows,
    )
    buttons = (Button(say("correct.whole"), "open_form", whole), Button(say("report.back"), "my_tasks"))
    return Card(say("correct.title"), parts, buttons)
