"""The worker's list of the month: what is left, the statement for normal months, and the way to each form."""

import re
from collections.abc import Sequence
from dataclasses import replace

from dialogs.card import Button, Card, ListRow, Part, Text, Tone
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.verbs import Command, Verb
from dialogs.month.task_rows import name_of, statement, task_rows, title_of, where
from dialogs.month.to_take_back import standing_buttons, standing_parts
from dialogs.turn import NUMBERS, Press, Reply, Stored, Turn
from followup import TaskId
from followup.month.rounds import Task
from followup.people import Conversation
from followup.times.month import Month
from services.acting import Acting
from services.month.own_tasks import log_tasks, own_tasks
from services.month.reporting import state
from services.views import month
from services.views.month import PAGE
from texts.catalogue import Texts

_TOGGLE = re.compile(r"normal([0-9]{1,9})")


def my_tasks(turn: Turn) -> Reply:
    """With what she has said of herself that stands, which can be taken back from here."""
    card, say = list_again(turn, []), turn.say
    parts = (*card.parts, *standing_parts(turn.acting, say))
    return Reply(
        card=replace(card, parts=parts, buttons=(*card.buttons, *standing_buttons(turn.acting, say)))
    )


def show_more(turn: Turn) -> Reply:
    start, ticked = turn.press.number("start") or 0, ticked_tasks(turn.press)
    return Reply(card=list_card(turn.acting, turn.say, start=start, ticked=ticked))


def list_again(turn: Turn, receipt: Sequence[Part], tasks: Sequence[Task] | None = None) -> Card:
    """The list, with what was ticked before a form was opened still ticked; `tasks` where they are known already."""
    ticked = ticked_tasks(turn.said.press) if turn.said.press else []
    return list_card(turn.acting, turn.say, receipt=receipt, ticked=ticked, tasks=tasks)


def list_card(
    acting: Acting,
    say: Texts,
    *,
    receipt: Sequence[Part] = (),
    greeting: str = "",
    start: int = 0,
    ticked: Sequence[TaskId] = (),
    tasks: Sequence[Task] | None = None,
    after: Sequence[Part] = (),
) -> Card:
    """What awaits the person, after a receipt of what was just handed in; `after` it what else the day has."""
    found = month.my_list(acting, start=start, tasks=tasks)
    if not found.left:
        return _nothing_left(found.tasks, receipt, say)
    shown = {row.task.id for row in found.rows}
    elsewhere = [task.id for task in found.left if task.id in ticked and task.id not in shown]
    parts: list[Part] = [
        Text(title_of(found, say), "title"),
        *receipt,
        *([Text(greeting)] if greeting else []),
        *([Text(say("list.ticked_elsewhere", n=len(elsewhere)), "subtle")] if elsewhere else []),
        *task_rows(found, ticked, acting.now, say),
        *after,
    ]
    return Card(
        summary=say("list.summary", n=len(found.left)),
        parts=tuple(parts),
        buttons=(
            *_send(bool(elsewhere) or any(not row.refused for row in found.rows), say),
            *_pages(len(found.left), found.start, say),
            Button(say("list.snooze"), "snooze_form", takes_inputs=True),
        ),
        data={"ticked": elsewhere} if elsewhere else {},
        page="mina",
    )


def _nothing_left(tasks: Sequence[Task], receipt: Sequence[Part], say: Texts) -> Card:
    nothing = say("list.all_done", n=len(tasks)) if tasks else say("list.nothing")
    title = Text(say("list.title_done"), "title")
    correct = (Button(say("list.correct"), "corrections"),) if tasks else ()
    return Card(nothing, (title, *receipt, Text(nothing)), correct, page="mina")


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
    wanted = ticked_tasks(turn.press)
    if not wanted:
        return _again(turn, [Text(turn.say("list.nothing_ticked"), "problem")])
    known = [task_id for task_id in wanted if task_id in NUMBERS]
    done = state(turn.acting, known)
    is_gone = bool(done.not_hers) or len(known) < len(wanted)
    receipt = [
        *counted(turn, "list.received", done.stored, "good"),
        *counted(turn, "list.already", done.already, "subtle"),
        *at_most(
            MOST_ROWS,
            [_otherwise(turn, task) for task in done.otherwise],
            turn.say("correct.narrow"),
            turn.say,
        ),
        *([Text(turn.say("report.not_yours"), "problem")] if is_gone else []),
    ]
    stored = Stored("reports", {"tasks": [task.id for task in done.stored]}) if done.stored else None
    return _again(turn, receipt, stored)


def counted(turn: Turn, said: str, tasks: Sequence[Task], tone: Tone) -> list[Text]:
    return [Text(turn.say(said, n=len(tasks), cases=_cases(tasks)), tone)] if tasks else []


def _otherwise(turn: Turn, task: Task) -> ListRow:
    """A form says more than a tick: it stays until the worker has seen what would be replaced."""
    data = {"task": task.id, "correct": True, "statement": True}
    return ListRow(
        name_of(task),
        where(task, turn.say),
        note=turn.say("list.otherwise", version=task.version),
        button=Button(turn.say("correct.open"), "open_form", data),
    )


def told_again(turn: Turn, task_ids: Sequence[TaskId]) -> Reply:
    """The statements that were handed in, by name where they are still the person's."""
    mine = {task.id: task for task in own_tasks(turn.acting)}
    own = [mine[task_id] for task_id in task_ids if task_id in mine]
    log_tasks(turn.acting, own)
    return _again(
        turn, [*counted(turn, "list.received", own, "good"), *elsewhere(turn, len(task_ids) - len(own))]
    )


def elsewhere(turn: Turn, number: int) -> list[Text]:
    """What the person handed in, and may no longer see."""
    return [Text(turn.say("receipt.elsewhere", n=number), "good")] if number else []


def ticked_tasks(press: Press) -> list[TaskId]:
    """Tasks ticked in the list, or ticked there before a form or another page took its place; each once."""
    named = [_TOGGLE.fullmatch(name) for name, value in press.inputs.items() if value.casefold() == "true"]
    carried = press.data.get("ticked")
    before = [TaskId(one) for one in carried if type(one) is int] if isinstance(carried, list) else []
    return list(dict.fromkeys([*(TaskId(int(found[1])) for found in named if found), *before]))


def _cases(tasks: Sequence[Task]) -> str:
    return ", ".join(task.placement.case_reference for task in tasks)


def _again(turn: Turn, receipt: Sequence[Part], effect: Stored | None = None) -> Reply:
    return Reply(card=list_card(turn.acting, turn.say, receipt=receipt), effect=effect)


def explain(turn: Turn) -> Reply:
    """What it is to state a month, in the words of the newest that she is asked about, and when a form is needed."""
    month = max((task.month for task in own_tasks(turn.acting)), default=Month.of(turn.acting.today).previous)
    say, title = turn.say, turn.say("command.explain.does")
    said = (say("list.explained"), statement(month, say, stands_in=False), say("list.explained.form"))
    return Reply(card=Card(title, (Text(title, "title"), *map(Text, said)), (_to_list(say),)))


def _to_list(say: Texts) -> Button:
    return Button(say("command.my_tasks"), "my_tasks")


OFFERED = (
    Command("explain", Conversation.MY_TASKS, ("intygande", "statement"), explain, listed=False),
    Verb("explain", Conversation.MY_TASKS, explain),
    Command("my_tasks", Conversation.MY_TASKS, ("mina", "my", "tasks"), my_tasks),
    Verb("my_tasks", Conversation.MY_TASKS, my_tasks),
    Verb("show_more", Conversation.MY_TASKS, show_more),
    Verb("hand_in_statements", Conversation.REPORT, hand_in_statements),
)
