"""The rows of the month's list: under each month the statement once, then a tick box or a form for each child."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from dialogs.card import Button, ListRow, Part, Text, Toggle
from followup import TaskId
from followup.month.rounds import Task
from followup.times.calendar import municipal_day
from followup.times.month import Month, MonthName
from services.views.month import MyList, OpenReport
from texts.catalogue import Texts, capital

# By whether there are several months, and whether the last day to answer has passed.
_PROGRESS = {
    (False, False): "list.progress",
    (False, True): "list.progress_late",
    (True, False): "list.month",
    (True, True): "list.month_late",
}


def title_of(found: MyList, say: Texts) -> str:
    months = found.months
    return say("list.title", month=months[0]) if len(months) == 1 else say("list.title_done")


def task_rows(found: MyList, ticked: Sequence[TaskId], now: datetime, say: Texts) -> list[Part]:
    """Each month of several under a heading of its own, with what is left of it and its last day."""
    several, parts, is_told = len(found.months) > 1, list[Part](), False
    opens = say("list.open_form")
    for month, rows in groupby(found.rows, key=lambda row: row.task.month):
        parts.append(progress(found, month, now, say, several=several))
        for stands_in, group in groupby(rows, key=lambda row: row.stands_in):
            of_group = list(group)
            parts += _headed(month, of_group, say, stands_in=stands_in, is_told=is_told)
            is_told = is_told or any(not row.refused for row in of_group)
            parts += (_row(row, ticked, say, opens, several=several) for row in of_group)
    return parts


def progress(found: MyList, month: Month, now: datetime, say: Texts, *, several: bool) -> Text:
    """With the last day to answer; where that has passed, until when it can still be handed in."""
    tasks = [task for task in found.tasks if task.month == month]
    left = [task for task in tasks if not task.answered]
    values = {"n": len(left), "all": len(tasks), "month": month}
    late = left[0].deadline < now
    day = municipal_day(left[0].closes_at if late else left[0].deadline)
    sentence = say(_PROGRESS[several, late], **values, day=say.weekday(day))
    return Text(capital(sentence), "heading") if several else Text(sentence, "subtle")


def _headed(
    month: Month, rows: Sequence[OpenReport], say: Texts, *, stands_in: bool, is_told: bool
) -> Iterator[Part]:
    """The statement once above all that it may be ticked for, and the first time what it is."""
    if stands_in:
        yield Text(say("list.as_substitute"), "heading")
    if any(not row.refused for row in rows):
        if not is_told:
            yield Text(say("list.how"))
        yield Text(statement(month, say, stands_in=stands_in))


def statement(month: Month, say: Texts, *, stands_in: bool) -> str:
    """What a tick states of the month; one who stands in states only what she knows."""
    said = "list.statement_substitute" if stands_in else "list.statement"
    return say(said, month=MonthName(month))


def _row(row: OpenReport, ticked: Sequence[TaskId], say: Texts, opens: str, *, several: bool) -> ListRow:
    name, home, month = name_of(row.task), home_of(row, say), _month(row, say, several=several)
    label = _heard(name, home, month)
    return ListRow(
        title=", ".join([name, *month]),
        subtitle=home,
        toggle=None if row.refused else Toggle(f"normal{row.task.id}", label, row.task.id in ticked),
        button=Button(opens, "open_form", {"task": row.task.id}, takes_inputs=True),
        note=say(f"list.form_needed.{row.refused}") if row.refused else "",
    )


def heard_as(row: OpenReport, say: Texts, *, several: bool) -> str:
    """A tick box says whose it is and where, since it may be heard alone; of several months also which one's."""
    return _heard(name_of(row.task), home_of(row, say), _month(row, say, several=several))


def _heard(name: str, home: str, month: Sequence[str]) -> str:
    return ", ".join([name, home, *month])


def _month(row: OpenReport, say: Texts, *, several: bool) -> list[str]:
    return [say.write(row.task.month)] if several else []


def home_of(row: OpenReport, say: Texts) -> str:
    """The unit, and whose child it is where one stands in for her."""
    home = row.task.placement.unit_name
    return say("list.for", home=home, name=row.owner) if row.owner else home


def where(task: Task, say: Texts) -> str:
    return f"{task.placement.unit_name}, {say.write(task.month)}"


def name_of(task: Task) -> str:
    """The case reference, with the reader's own word for the child where she has one."""
    placement = task.placement
    return f"{placement.case_reference} ({placement.alias})" if placement.alias else placement.case_reference
