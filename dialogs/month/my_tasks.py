"""The worker's list of the month: what is left, the statement for normal months, and the way to each form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.card import Button, Card, Item, Part, Text, Toggle, Tone
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.offered import Command, Verb
from dialogs.stored import Stored
from dialogs.turn import NUMBERS, Press, Reply, Turn
from followup.log.subject import What
from followup.month.report import STATEMENTS_IN_A_ROW, by_statement, statement_refused
from followup.month.rounds import Task
from followup.people import Conversation, Person
from followup.times.calendar import municipal_day
from services.risk.scoring import rescore
from storage.engine.database import Transaction
from storage.log import access_log
from storage.month import awaiting, reports
from texts.catalogue import Texts

PAGE = 20
_TOGGLE = re.compile(r"normal([0-9]{1,9})")


def my_tasks(turn: Turn) -> Reply:
    return Reply(card=list_again(turn, []))


def show_more(turn: Turn) -> Reply:
    start, ticked = turn.press.number("start") or 0, ticked_tasks(turn.press)
    return Reply(card=list_card(turn.tx, turn.person, turn.now, turn.say, start=start, ticked=ticked))


def list_again(turn: Turn, receipt: Sequence[Part], tasks: Sequence[Task] | None = None) -> Card:
    """The list, with what was ticked before a form was opened still ticked; `tasks` where they are known already."""
    ticked = ticked_tasks(turn.said.press) if turn.said.press else []
    return list_card(turn.tx, turn.person, turn.now, turn.say, receipt=receipt, ticked=ticked, tasks=tasks)


def list_card(
    tx: Transaction,
    person: Person,
    now: datetime,
    say: Texts,
    *,
    receipt: Sequence[Part] = (),
    greeting: str = "",
    start: int = 0,
    ticked: Sequence[int] = (),
    tasks: Sequence[Task] | None = None,
) -> Card:
    """What awaits the person, after a receipt of what was just handed in."""
    tasks = awaiting.of_person(tx, person, now) if tasks is None else tasks
    left = [task for task in tasks if not task.answered]
    start = start if start < len(left) else 0
    page = left[start : start + PAGE]
    seen = What.PLACEMENT.each(task.placement.id for task in page)
    access_log.record(tx, "read", What.TASKS.of(len(left)), now, person_id=person.id, seen=seen)
    if not left:
        return _nothing_left(tasks, receipt, say)
    parts: list[Part] = [Text(_title(left, say), "title"), *receipt]
    if greeting:
        parts.append(Text(greeting))
    parts.append(Text(_progress(tasks, left, say), "subtle"))
    elsewhere = [task.id for task in left if task.id in ticked and task not in page]
    items = _items(tx, page, person.id, now, ticked, say)
    if any(item.toggle for item in items):
        parts.append(Text(say("list.how")))
    if elsewhere:
        parts.append(Text(say("list.ticked_elsewhere", n=len(elsewhere)), "subtle"))
    to_send = bool(elsewhere) or any(item.toggle for item in items)
    return Card(
        summary=say("list.summary", n=len(left)),
        parts=(*parts, *items),
        buttons=(
            *_send(to_send, say),
            *_pages(len(left), start, say),
            Button(say("list.snooze"), "snooze_form", takes_inputs=True),
        ),
        data={"ticked": elsewhere} if elsewhere else {},
    )


def _nothing_left(tasks: Sequence[Task], receipt: Sequence[Part], say: Texts) -> Card:
    nothing = say("list.all_done", n=len(tasks)) if tasks else say("list.nothing")
    title = Text(say("list.title_done"), "title")
    correct = (Button(say("list.correct"), "corrections"),) if tasks else ()
    return Card(nothing, (title, *receipt, Text(nothing)), correct)


def _title(left: Sequence[Task], say: Texts) -> str:
    return say("list.title", month=left[-1].month)


def _progress(tasks: Sequence[Task], left: Sequence[Task], say: Texts) -> str:
    day = say.weekday(municipal_day(min(task.deadline for task in left)))
    return say("list.progress", n=len(left), all=len(tasks), deadline=day)


def _items(
    tx: Transaction, tasks: Sequence[Task], person_id: int, now: datetime, ticked: Sequence[int], say: Texts
) -> list[Item]:
    months = {task.month for task in tasks}
    since = min(months).plus(-STATEMENTS_IN_A_ROW)
    earlier = reports.answered_since(tx, person_id, municipal_day(now), since)
    words = _Words(say("list.statement"), say("list.open_form"), len(months) > 1)
    items = []
    for task in tasks:
        before = [report for report in earlier[task.placement.id] if report.month < task.month]
        refused = statement_refused(task.month, before)
        items.append(_item(task, person_id, refused, task.id in ticked, words, say))
    return items


@dataclass(frozen=True)
class _Words:
    """What every row says."""

    statement: str
    open_form: str
    with_month: bool


def _item(task: Task, person_id: int, refused: str | None, ticked: bool, words: _Words, say: Texts) -> Item:
    unit = task.placement.unit_name
    return Item(
        title=name_of(task, person_id),
        subtitle=f"{unit}, {say.write(task.month)}" if words.with_month else unit,
        toggle=None if refused else Toggle(f"normal{task.id}", words.statement, ticked),
        button=Button(words.open_form, "open_form", {"task": task.id}, takes_inputs=True),
        note=say(f"list.form_needed.{refused}") if refused else "",
    )


def name_of(task: Task, person_id: int) -> str:
    """The case reference, with the alias for the responsible worker herself and nobody else."""
    placement = task.placement
    if placement.alias and placement.owner_id == person_id:
        return f"{placement.case_reference} ({placement.alias})"
    return placement.case_reference


def _send(to_send: bool, say: Texts) -> list[Button]:
    send = Button(say("list.send"), "hand_in_statements", takes_inputs=True)
    return [send] if to_send else []


def _pages(left: int, start: int, say: Texts) -> list[Button]:
    """Onwards and back; what is ticked goes along."""
    more, buttons = left - start - PAGE, []
    if more > 0:
        title = say("list.more", n=more)
        buttons.append(Button(title, "show_more", {"start": start + PAGE}, takes_inputs=True))
    if start > 0:
        buttons.append(Button(say("list.first"), "show_more", {"start": 0}, takes_inputs=True))
    return buttons


def hand_in_statements(turn: Turn) -> Reply:
    """Stores the statement for every ticked placement that is still the person's and still unanswered."""
    tasks = {task.id: task for task in awaiting.of_person(turn.tx, turn.person, turn.now)}
    wanted = ticked_tasks(turn.press)
    ticked = [tasks[task_id] for task_id in wanted if task_id in tasks]
    others = [task_id for task_id in wanted if task_id not in tasks and task_id in NUMBERS]
    if others:
        turn.log("refused", What.TASKS.of(len(others)), seen=What.TASK.each(others))
    gone = [Text(turn.say("report.not_yours"), "problem")] if len(ticked) < len(wanted) else []
    if not ticked:
        return _again(turn, gone or [Text(turn.say("list.nothing_ticked"), "problem")])
    already = [task for task in ticked if task.answered and task.by_statement]
    otherwise = [task for task in ticked if task.answered and not task.by_statement]
    stored = [task for task in ticked if not task.answered and _store_statement(turn, task)]
    _log_named(turn, [*already, *otherwise])
    for unit_id in sorted({task.placement.unit_id for task in stored}):
        rescore(turn.tx, unit_id, turn.now)
    receipt = [
        *_counted(turn, "list.received", stored, "good"),
        *_counted(turn, "list.already", already, "subtle"),
        *at_most(
            MOST_ROWS, [_otherwise(turn, task) for task in otherwise], turn.say("correct.narrow"), turn.say
        ),
        *gone,
    ]
    return _again(
        turn, receipt, Stored("reports", {"tasks": [task.id for task in stored]}) if stored else None
    )


def _log_named(turn: Turn, tasks: Sequence[Task]) -> None:
    """What a receipt names beside what it stored."""
    if tasks:
        turn.log(
            "read", What.TASKS.of(len(tasks)), seen=What.PLACEMENT.each(task.placement.id for task in tasks)
        )


def _counted(turn: Turn, said: str, tasks: Sequence[Task], tone: Tone) -> list[Text]:
    return [Text(turn.say(said, n=len(tasks), cases=_cases(tasks)), tone)] if tasks else []


def _otherwise(turn: Turn, task: Task) -> Item:
    """A form says more than a tick: it stays until the worker has seen what would be replaced."""
    data = {"task": task.id, "correct": True, "statement": True}
    return Item(
        name_of(task, turn.person.id),
        f"{task.placement.unit_name}, {turn.say.write(task.month)}",
        note=turn.say("list.otherwise", version=task.version),
        button=Button(turn.say("correct.open"), "open_form", data),
    )


def told_again(turn: Turn, task_ids: Sequence[int]) -> Reply:
    """The statements that were handed in, by name where they are still the person's."""
    mine = {task.id: task for task in awaiting.of_person(turn.tx, turn.person, turn.now)}
    own = [mine[task_id] for task_id in task_ids if task_id in mine]
    _log_named(turn, own)
    return _again(
        turn, [*_counted(turn, "list.received", own, "good"), *elsewhere(turn, len(task_ids) - len(own))]
    )


def elsewhere(turn: Turn, number: int) -> list[Text]:
    """What the person handed in, and may no longer see."""
    return [Text(turn.say("receipt.elsewhere", n=number), "good")] if number else []


def ticked_tasks(press: Press) -> list[int]:
    """Tasks ticked in the list, or ticked there before a form or another page took its place; each once."""
    named = [_TOGGLE.fullmatch(name) for name, value in press.inputs.items() if value.casefold() == "true"]
    carried = press.data.get("ticked")
    before = [one for one in carried if type(one) is int] if isinstance(carried, list) else []
    return list(dict.fromkeys([*(int(found[1]) for found in named if found), *before]))


def _store_statement(turn: Turn, task: Task) -> bool:
    earlier = reports.of_placements(turn.tx, [task.placement.id])[task.placement.id]
    before = [report for report in earlier if report.month < task.month]
    if statement_refused(task.month, before):
        return False
    answers = by_statement(before[0])
    reports.save(turn.tx, task.id, answers, by_statement=True, author_id=turn.person.id, now=turn.now)
    turn.log("write", What.REPORT.of(task.id))
    return True


def _cases(tasks: Sequence[Task]) -> str:
    return ", ".join(task.placement.case_reference for task in tasks)


def _again(turn: Turn, receipt: Sequence[Part], effect: Stored | None = None) -> Reply:
    card = list_card(turn.tx, turn.person, turn.now, turn.say, receipt=receipt)
    return Reply(card=card, effect=effect)


OFFERED = (
    Command("my_tasks", Conversation.MY_TASKS, ("mina", "my", "tasks"), my_tasks),
    Verb("my_tasks", Conversation.MY_TASKS, my_tasks),
    Verb("show_more", Conversation.MY_TASKS, show_more),
    Verb("hand_in_statements", Conversation.REPORT, hand_in_statements),
)
