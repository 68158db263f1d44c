"""The worker's first page: what is left this month, the statement for normal months, and what can be corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby

from dialogs.card import Part, Text
from dialogs.month.my_tasks import counted, elsewhere
from dialogs.month.report_receipt import receipt, stands
from dialogs.month.task_rows import heard_as, home_of, name_of, progress, statement, title_of
from dialogs.turn import Stored
from followup import SignalId, TaskId
from followup.month.rounds import Task
from followup.people import Conversation, Role
from services.month.drafts import drafted
from services.month.own_tasks import log_report, log_tasks, own_tasks
from services.month.reporting import state
from services.views import month
from services.views.month import MyList, OpenReport
from workspace.frame.answer import DeedDone, PageAnswer, Shown
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/mina"


def my_children(visit: Visit) -> PageAnswer:
    return _page(visit, _receipts(visit))


def _page(visit: Visit, said: Sequence[Part], status: HTTPStatus = HTTPStatus.OK) -> Shown:
    acting, say = visit.acting, visit.say
    tasks = own_tasks(acting)
    left = [one for one in tasks if not one.answered]
    here = ListPage(PATH, visit.asked.page, len(left))
    found = month.my_list(acting, start=here.start, size=PAGE, tasks=tasks)
    answered = month.corrections(acting, lambda _: True, PAGE)
    values = {
        "said": said,
        "groups": _groups(visit, found),
        "here": here,
        "answered": answered.tasks[:PAGE],
        "more_answered": max(len(answered.tasks) - PAGE, 0),
        "all_done": say("list.all_done", n=len(tasks)) if tasks else say("list.nothing"),
        "drafts": drafted(acting),
        "name_of": name_of,
        "home_of": lambda row: home_of(row, say),
        "heard_as": lambda row: heard_as(row, say, several=len(found.months) > 1),
        "ticked": visit.asked.numbers("normal"),
        "to_tick": any(one.refused is None for one in found.rows),
    }
    return Shown("my_children.html", title_of(found, say) if left else say("list.title_done"), values, status)


@dataclass(frozen=True)
class RowGroup:
    """Those of one month, her own or those that she stands in for; `heading` is how far the month has come."""

    heading: str
    statement: str
    stands_in: bool
    rows: tuple[OpenReport, ...]


def _groups(visit: Visit, found: MyList) -> list[RowGroup]:
    several, groups = len(found.months) > 1, list[RowGroup]()
    for (of_month, stands_in), rows in groupby(found.rows, key=lambda row: (row.task.month, row.stands_in)):
        of_group = tuple(rows)
        ticks = any(not row.refused for row in of_group)
        groups.append(
            RowGroup(
                progress(found, of_month, visit.now, visit.say, several=several).text,
                statement(of_month, visit.say, stands_in=stands_in) if ticks else "",
                stands_in,
                of_group,
            )
        )
    return groups


def _receipts(visit: Visit) -> list[Part]:
    """What her form has just stored, named as far as it is still hers."""
    reports, statements = visit.stored("report"), visit.stored("reports")
    if not (reports or statements):
        return []
    mine = {one.id: one for one in own_tasks(visit.acting)}
    return [
        *(part for one in reports for part in _of_report(visit, one, mine.get(one.numbers["task"]))),
        *(part for one in statements for part in _of_statements(visit, one, mine)),
    ]


def _of_report(visit: Visit, stored: Stored, task: Task | None) -> Sequence[Part]:
    turn, signals = visit.turn(), stored.numbers["signals"].values()
    if task is None:
        return elsewhere(turn, 1)
    log_report(visit.acting, task)
    if stored.numbers.get("stands"):
        return [stands(turn, task)]
    return receipt(turn, task, stored.numbers["version"], [SignalId(one) for one in signals])


def _of_statements(visit: Visit, stored: Stored, mine: dict[TaskId, Task]) -> Sequence[Part]:
    turn = visit.turn()
    own = [mine[one] for one in stored.numbers["tasks"] if one in mine]
    otherwise = [mine[one] for one in stored.numbers.get("otherwise", ()) if one in mine]
    log_tasks(visit.acting, [*own, *otherwise])
    return [
        *counted(turn, "list.received", own, "good"),
        *elsewhere(turn, len(stored.numbers["tasks"]) - len(own)),
        *(_otherwise(visit, one) for one in otherwise),
    ]


def _otherwise(visit: Visit, task: Task) -> Text:
    """A form says more than a tick: it stays as it is."""
    said = visit.say("list.otherwise", version=task.version)
    return Text(f"{name_of(task)}: {said}", "warning")


def hand_in_statements(visit: Visit) -> PageAnswer:
    """The statement for every ticked one that will do; what became of the others is said."""
    wanted = [TaskId(one) for one in visit.asked.numbers("normal")]
    if not wanted:
        nothing = Text(visit.say("list.nothing_ticked"), "problem")
        return _page(visit, [nothing], HTTPStatus.UNPROCESSABLE_ENTITY)
    done = state(visit.acting, wanted)
    if not done.stored:
        turn = visit.turn()
        said: list[Part] = [
            *counted(turn, "list.already", done.already, "subtle"),
            *(_otherwise(visit, one) for one in done.otherwise),
            *([Text(visit.say("report.not_yours"), "problem")] if done.not_hers else []),
        ]
        return _page(visit, said, HTTPStatus.CONFLICT)
    numbers = {"tasks": [one.id for one in done.stored], "otherwise": [one.id for one in done.otherwise]}
    return DeedDone(Stored("reports", numbers))


OFFERED = (
    PageOf(PATH, Conversation.MY_TASKS, my_children, tab="page.tab.mine", home=Role.WORKER),
    DeedOf(f"{PATH}/lamna", Conversation.REPORT, hand_in_statements, "/mina"),
)
