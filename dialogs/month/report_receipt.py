"""What is told of a report that was handed in, and what of it this very card has stored already."""

from collections.abc import Iterable, Mapping, Sequence

from dialogs.card import Part, Text
from dialogs.month.my_tasks import elsewhere, list_again
from dialogs.turn import Reply, Stored, Turn, stored_by_presses
from followup import SignalId, TaskId
from followup.month.rounds import Task
from services.month.own_tasks import log_report, own_tasks
from services.month.reporting import told_of
from services.views.signals import numbers_of


def handed_in_here(turn: Turn) -> list[Stored]:
    """The reports that were handed in from this very card, newest first."""
    return stored_by_presses(turn.tx, turn.said.card, "report")


def seen_versions(turn: Turn, here: Sequence[Stored]) -> set[int]:
    """The versions that the card was drawn from, or has stored itself."""
    drawn, task = turn.press.number("version"), turn.press.number("task")
    own = {one.numbers["version"] for one in here if one.numbers["task"] == task}
    return own if drawn is None else {drawn, *own}


def told_here(turn: Turn, here: Sequence[Stored]) -> Mapping[str, int]:
    """The signals that this card has told, and the cards that it was redrawn from."""
    carried = turn.press.data.get("told")
    told = dict(carried) if isinstance(carried, dict) else {}
    for one in here:
        told |= one.numbers["signals"]
    return told


def told_already(turn: Turn, task: Task) -> dict[str, object]:
    """For the card's buttons, so that a form with problems in it still knows."""
    told = told_of(turn.acting, task, told_here(turn, handed_in_here(turn))) if task.answered else {}
    return {"told": told} if told else {}


def receipt(turn: Turn, task: Task, version: int, signal_ids: Iterable[SignalId]) -> list[Part]:
    """What was stored, each signal by its number."""
    said = "report.received" if version == 1 else "report.corrected"
    values = {"case": task.placement.case_reference, "month": task.month, "version": version}
    return [Text(turn.say(said, **values), "good"), *_signal_lines(turn, signal_ids)]


def stands(turn: Turn, task: Task) -> Text:
    """That nothing was changed by handing it in, and which version it is that stands."""
    values = {"case": task.placement.case_reference, "month": task.month, "version": task.version}
    return Text(turn.say("report.stands", **values), "subtle")


def _signal_lines(turn: Turn, signal_ids: Iterable[SignalId]) -> list[Part]:
    numbers = numbers_of(turn.acting, signal_ids)
    return [Text(turn.say("report.signal_saved", number=number), "good") for number in numbers]


def told_again(turn: Turn, task_id: TaskId, version: int, signal_ids: Sequence[SignalId]) -> Reply:
    """The report that was handed in, by name while it is still the person's, and whether another has replaced it."""
    mine = own_tasks(turn.acting)
    task = next((one for one in mine if one.id == task_id), None)
    if task is None:
        return Reply(card=list_again(turn, [*elsewhere(turn, 1), *_signal_lines(turn, signal_ids)], mine))
    log_report(turn.acting, task)
    newer = Text(turn.say("receipt.newer_report", version=task.version), "subtle")
    parts = [*receipt(turn, task, version, signal_ids), *([newer] if task.version > version else [])]
    return Reply(card=list_again(turn, parts, mine))
