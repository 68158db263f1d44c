"""What she has answered before: by month or by child, to be read, and from where it can be corrected."""

from collections.abc import Callable, Sequence

from dialogs.card import Button, Card, Facts, ListRow, Part, Text
from dialogs.forms.differences import in_words
from dialogs.forms.form_fields import label_of
from dialogs.forms.lists import MOST_ROWS, page_of
from dialogs.forms.verbs import Command, Verb
from dialogs.month.to_take_back import standing_buttons, standing_parts
from dialogs.turn import Reply, Turn
from followup import PlacementId, TaskId
from followup.month.report import QUESTIONS, Report
from followup.month.rounds import Task
from followup.people import Conversation
from followup.placement import Placement
from followup.questions.days import Days
from followup.times.calendar import municipal_day
from followup.times.month import Month, MonthName
from followup.wording.form import asked
from services.acting import Refused
from services.views.own_answers import (
    AnsweredMonth,
    MonthOfChild,
    month_answered,
    months_answered,
    months_left,
)
from texts.catalogue import Texts


def answers(turn: Turn) -> Reply:
    """All, or those that what is typed after the word fits: a child, a month, or both."""
    wanted = turn.said.rest if turn.said.press is None else str(turn.press.data.get("wanted", ""))
    words = wanted.casefold().split()

    def fits(placement: Placement, month: Month) -> bool:
        names = (placement.case_reference, placement.alias or "", turn.say.write(month))
        return all(word in " ".join(names).casefold() for word in words)

    return _list(turn, wanted, fits)


def answers_about(turn: Turn, about: str, days: Days | None) -> Reply:
    """What a sentence asks for: of the child and the days that it names."""

    def fits(placement: Placement, month: Month) -> bool:
        names = (placement.case_reference, placement.alias or "")
        first, last = (Month.of(days.first), Month.of(days.last)) if days else (None, None)
        in_days = first is None or last is None or first <= month <= last
        return in_days and (not about or about.casefold() in [name.casefold() for name in names])

    return _list(turn, about, fits)


def _list(turn: Turn, wanted: str, fits: Callable[[Placement, Month], bool]) -> Reply:
    """Where something is named, what is left of it first."""
    say = turn.say
    found = months_answered(turn.acting, lambda one: fits(one.placement, one.report.month), MOST_ROWS)
    left = months_left(turn.acting, fits, MOST_ROWS) if wanted else []
    rows, more = page_of(turn, found, "answers", {"wanted": wanted})
    parts: list[Part] = [
        Text(say("answers.title"), "title"),
        *standing_parts(turn.acting, say),
        *(_left(one, say) for one in left),
        *([] if found or left else [Text(say("answers.nothing_fits" if wanted else "answers.nothing"))]),
        *(part for one in _by_month(rows, say) for part in one),
    ]
    return Reply(card=Card(say("answers.title"), tuple(parts), (*more, *standing_buttons(turn.acting, say))))


def _left(task: Task, say: Texts) -> ListRow:
    return ListRow(
        name_of_child(task.placement),
        task.placement.unit_name,
        note=say("answers.left", month=task.month, day=municipal_day(task.deadline)),
        button=Button(say("list.open_form"), "open_form", {"task": task.id}),
    )


def _by_month(rows: Sequence[MonthOfChild], say: Texts) -> list[list[Part]]:
    months = dict.fromkeys(one.report.month for one in rows)
    return [
        [
            Text(say("answers.month", month=month), "heading"),
            *(_row(one, say) for one in rows if one.report.month == month),
        ]
        for month in months
    ]


def _row(one: MonthOfChild, say: Texts) -> ListRow:
    where = {"placement": one.placement.id, "task": one.report.task_id}
    return ListRow(
        name_of_child(one.placement),
        one.placement.unit_name,
        note=_how(one.report, say),
        button=Button(say("answers.show"), "show_answers", where),
    )


def name_of_child(placement: Placement) -> str:
    return f"{placement.case_reference} ({placement.alias})" if placement.alias else placement.case_reference


def _how(report: Report, say: Texts) -> str:
    said = say("answers.by_statement" if report.by_statement else "answers.by_form")
    return f"{said} {say('answers.version', version=report.version)}" if report.version > 1 else said


def show_answers(turn: Turn) -> Reply:
    found = month_answered(
        turn.acting, turn.press.id("placement", PlacementId), turn.press.id("task", TaskId)
    )
    if isinstance(found, Refused):
        return Reply(notice=turn.say("report.not_yours"))
    return Reply(card=_card(turn, found))


def _card(turn: Turn, found: AnsweredMonth) -> Card:
    say, of = turn.say, found.of
    again = (
        [Button(say("correct.open"), "open_form", {"task": of.to_correct, "correct": True})]
        if of.to_correct
        else []
    )
    parts: list[Part] = [
        Text(name_of_child(of.placement), "title"),
        Text(say("report.about", unit=of.placement.unit_name, month=of.report.month), "subtle"),
        Text(f"{_by_whom(found, say)} {_how(of.report, say)}"),
        *([] if of.to_correct else [Text(say("answers.closed"), "subtle")]),
        Facts(tuple(_pairs(turn, of.report))),
    ]
    return Card(say("answers.title"), tuple(parts), (*again, Button(say("answers.back"), "answers")))


def _by_whom(found: AnsweredMonth, say: Texts) -> str:
    day = municipal_day(found.of.report.known_at)
    if found.is_own:
        return say("answers.by_you", day=day)
    return say("answers.by", name=found.author, day=day) if found.author else say("answers.by_file", day=day)


def _pairs(turn: Turn, report: Report) -> list[tuple[str, str]]:
    """Each question that was answered."""
    questions = asked(QUESTIONS, free_text=turn.municipality.free_text)
    return [
        (
            label_of(one, turn.say, "report", MonthName(report.month)),
            in_words(one, report.answers[one.id], turn.say),
        )
        for one in questions
        if report.answers.get(one.id)
    ]


OFFERED = (
    Command("answers", Conversation.REPORT, ("svar", "answers"), answers, takes_words=True),
    Verb("answers", Conversation.REPORT, answers),
    Verb("show_answers", Conversation.REPORT, show_answers),
)
