"""What is told of a report that was handed in, and what of it this very card has stored already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from dialogs import stored
from dialogs.card import Part, Text
from dialogs.month.my_tasks import elsewhere, list_again
from dialogs.signals.signal_report import store_signal
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.form import Answers
from followup.log.subject import What
from followup.month.rounds import Task
from storage.month import awaiting
from storage.signals import signals


def unseen_by(turn: Turn, task: Task) -> bool:
    """Whether the card was neither drawn from what is stored now, nor stored it."""
    if task.version == turn.press.number("version"):
        return False
    here = [(one.numbers["task"], one.numbers["version"]) for one in _handed_in_here(turn)]
    return (task.id, task.version) not in here


def _handed_in_here(turn: Turn) -> list[Stored]:
    """The reports that were handed in from this very card, newest first."""
    return stored.of_card(turn.tx, turn.said.card, "report")


def store_signals(turn: Turn, task: Task, new: Sequence[Answers]) -> dict[str, int]:
    """Each by a checksum of what it says: what this form has told already is not another signal."""
    told, seen, found = _told(turn, task), Counter[str](), dict[str, int]()
    for answers in new:
        says = sha256(repr(sorted(answers.items())).encode()).hexdigest()[:16]
        seen[says] += 1
        name = f"{says}{seen[says]}"
        placement = task.placement
        found[name] = (
            told.get(name) or store_signal(turn, answers, placement.unit_id, placement.id, task.id).id
        )
    return found


def _told(turn: Turn, task: Task) -> dict[str, int]:
    """What this card stored, and the cards that it was redrawn from; of the report's own signals only."""
    own = {one.id for one in signals.of_tasks(turn.tx, [task.id])[task.id]}
    carried = turn.press.data.get("told")
    told = dict(carried) if isinstance(carried, dict) else {}
    for one in _handed_in_here(turn):
        told |= one.numbers["signals"]
    return {name: number for name, number in told.items() if type(number) is int and number in own}


def told_already(turn: Turn, task: Task) -> dict[str, object]:
    """For the card's buttons, so that a form with problems in it still knows."""
    told = _told(turn, task) if task.answered else {}
    return {"told": told} if told else {}


def receipt(turn: Turn, task: Task, version: int, signal_ids: Iterable[int]) -> list[Part]:
    """What was stored, each signal by its number."""
    said = "report.received" if version == 1 else "report.corrected"
    values = {"case": task.placement.case_reference, "month": task.month, "version": version}
    return [Text(turn.say(said, **values), "good"), *_signal_lines(turn, signal_ids)]


def _signal_lines(turn: Turn, signal_ids: Iterable[int]) -> list[Part]:
    numbers = [signals.get(turn.tx, one).number for one in signal_ids]
    return [Text(turn.say("report.signal_saved", number=number), "good") for number in numbers]


def told_again(turn: Turn, task_id: int, version: int, signal_ids: Sequence[int]) -> Reply:
    """The report that was handed in, by name while it is still the person's, and whether another has replaced it."""
    mine = awaiting.of_person(turn.tx, turn.person, turn.now)
    task = next((one for one in mine if one.id == task_id), None)
    if task is None:
        return Reply(card=list_again(turn, [*elsewhere(turn, 1), *_signal_lines(turn, signal_ids)], mine))
    turn.log("read", What.REPORT.of(task.id), seen=[What.PLACEMENT.of(task.placement.id)])
    newer = Text(turn.say("receipt.newer_report", version=task.version), "subtle")
    parts = [*receipt(turn, task, version, signal_ids), *([newer] if task.version > version else [])]
    return Reply(card=list_again(turn, parts, mine))
