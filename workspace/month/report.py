"""The month's form as a page: sections, a draft that is kept while it is written, and the same deed as in the chat."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from dialogs.card import Button, Card, ListRow, Part
from dialogs.month.monthly_report import (
    filled_in,
    form_card,
    typed_at_first,
)
from dialogs.month.signal_blocks import MOST_SIGNALS, signal_heading, with_signal, without_signal
from dialogs.turn import Stored, Turn
from followup import TaskId
from followup.month.rounds import Task
from followup.people import Conversation
from followup.signals.signal import KINDS
from followup.wording.form import UNANSWERED
from services.acting import Refused
from services.drafts import Draft, Elsewhere, TooLong, elsewhere
from services.month.drafts import draft_of, drop, keep
from services.month.own_tasks import own_task
from services.month.reporting import AlreadySo, HandedIn, NotStored, hand_in
from workspace.frame import drafting
from workspace.frame.answer import DeedDone, PageAnswer, Shown, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.visit import Visit

PATH = "/rapport/{task}"
TEMPLATE = "report.html"
# What the form carries beside its answers.
CARRIED = drafting.CARRIED | {"blocks", "told", "kinds"}
# How the form's own button says which signal is added or taken away, beside which of the form's buttons it is.
_ADD, _DROP = "lagg", "ta_bort"


@dataclass(frozen=True)
class Written:
    """What stands in the fields, with room for so many signals; `unseen` where it was typed over another version."""

    typed: Mapping[str, str]
    blocks: int = 0
    unseen: bool = False
    draft: Draft | None = None


def report_form(visit: Visit) -> PageAnswer:
    task = own_task(visit.acting, visit.asked.number("task", TaskId))
    if isinstance(task, Refused):
        return refused(task)
    written = _written(visit, task)
    card = form_card(visit.turn(), task, written.typed, [], written.blocks, unseen=written.unseen)
    return _shown(visit, task, card, draft=written.draft)


def _written(visit: Visit, task: Task) -> Written:
    """Her draft where there is one, else what the form begins with."""
    draft = draft_of(visit.acting, task)
    return Written(typed_at_first(visit.acting, task)) if draft is None else _of_draft(draft, task)


def _of_draft(draft: Draft, task: Task) -> Written:
    blocks = draft.typed.get("blocks", "0")
    return Written(
        {name: value for name, value in draft.typed.items() if name not in CARRIED},
        min(int(blocks), MOST_SIGNALS) if blocks.isdecimal() else 0,
        draft.version != task.version,
        draft,
    )


def _shown(
    visit: Visit,
    task: Task,
    card: Card,
    *,
    draft: Draft | None = None,
    other: Elsewhere | None = None,
    comes_to: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> Shown:
    """With her `draft`, or beside what she keeps of it in the `other` tab; she `comes_to` the heading, if any."""
    data = card.buttons[0].data
    values = {
        # Without its title and what it is about, which the page says in its own way, and the button in the middle.
        "parts_shown": [part for part in card.parts[2:] if not _sends(part)],
        "way_of": _way_of,
        "comes_to": comes_to,
        "task": task,
        "kept_at": draft.saved_at if draft else None,
        "elsewhere": _only_there(visit, task, card, other) if other else None,
        **drafting.known_then(visit, other.draft if other else draft),
        "version": data["version"],
        "blocks": data["blocks"],
        "told": json.dumps(data.get("told", {})),
        "kinds": _sent_kinds(data.get("kinds")),
        "wrong": status == HTTPStatus.UNPROCESSABLE_ENTITY,
    }
    return Shown(TEMPLATE, visit.say("page.report", month=task.month), values, status)


def _sends(part: Part) -> bool:
    return isinstance(part, ListRow) and part.button is not None and part.button.verb == "hand_in_report"


def _sent_kinds(drawn: object) -> str:
    """The kinds that the form's signals are drawn for, as its hidden field carries them."""
    return " ".join(one or UNANSWERED for one in drawn) if isinstance(drawn, list) else ""


def _way_of(button: Button) -> str:
    """What the form sends of one of its buttons about a signal."""
    if button.verb == "add_signal":
        return f"{_ADD}.{button.data['kind']}"
    return f"{_DROP}.{button.data['number']}"


def _only_there(
    visit: Visit, task: Task, card: Card, other: Elsewhere
) -> tuple[datetime, list[tuple[str, str]]]:
    written = _of_draft(other.draft, task)
    there = form_card(_turn(visit), task, written.typed, [], written.blocks)
    return other.draft.saved_at, drafting.only_there(card.parts, there.parts)


def send(visit: Visit) -> PageAnswer:
    """Which of the form's buttons was pressed; without any of them it is only kept."""
    task = own_task(visit.acting, visit.asked.number("task", TaskId))
    other = None if isinstance(task, Refused) else _elsewhere(visit, task)
    if other is not None and not isinstance(task, Refused):
        return _beside(visit, task, other)
    pressed = visit.asked.sent("gor")
    if pressed == "lamna":
        return _hand_in(visit)
    way, _, named = pressed.partition(".")
    if way in (_ADD, _DROP):
        return _with_signals(visit, way, named)
    return _keep_for_later(visit)


def _elsewhere(visit: Visit, task: Task) -> Elsewhere | None:
    return elsewhere(draft_of(visit.acting, task), _to_keep(visit), drafting.drawing_of(visit))


def _beside(visit: Visit, task: Task, other: Elsewhere) -> Shown:
    """As she typed it here, told of what her other tab has; what she sends next stands."""
    blocks = min(visit.asked.count("blocks"), MOST_SIGNALS)
    unseen = task.version != visit.asked.count("version")
    card = form_card(_turn(visit), task, visit.typed, [], blocks, unseen=unseen)
    return _shown(visit, task, card, other=other, status=HTTPStatus.CONFLICT)


def _turn(visit: Visit) -> Turn:
    """The form's numbers, as the card's button would carry them."""
    data: dict[str, object] = {
        "task": visit.asked.number("task", TaskId),
        "version": visit.asked.count("version"),
        "blocks": min(visit.asked.count("blocks"), MOST_SIGNALS),
        "told": _told(visit),
        "kinds": visit.asked.sent("kinds").split(),
    }
    return visit.turn(data)


def _told(visit: Visit) -> dict[str, object]:
    """The signals that drawings of the form before this one have told of; anything else is left out."""
    try:
        found = json.loads(visit.asked.sent("told") or "{}")
    except (ValueError, RecursionError):
        return {}
    return dict(found) if isinstance(found, dict) else {}


def _hand_in(visit: Visit) -> PageAnswer:
    turn, task_id = _turn(visit), visit.asked.number("task", TaskId)
    filled = filled_in(turn)
    match hand_in(visit.acting, task_id, filled):
        case HandedIn() as done:
            drop(visit.acting, done.task.id)
            numbers = {"task": done.task.id, "version": done.task.version, "signals": dict(done.signals)}
            return DeedDone(Stored("report", numbers))
        case NotStored() as not_stored:
            card = form_card(
                turn,
                not_stored.task,
                filled.typed,
                not_stored.problems,
                len(filled.signals),
                unseen=not_stored.unseen,
            )
            status = HTTPStatus.UNPROCESSABLE_ENTITY if not_stored.problems else HTTPStatus.CONFLICT
            return _shown(visit, not_stored.task, card, status=status)
        case AlreadySo(task):
            drop(visit.acting, task.id)
            numbers = {"task": task.id, "version": task.version, "signals": {}, "stands": True}
            return DeedDone(Stored("report", numbers))
        case Refused():
            return _gone(visit)


def _gone(visit: Visit) -> Shown:
    """The placement is another's now, or the month has closed: what was typed stands there to be copied."""
    typed = [value for name, value in visit.typed.items() if name not in CARRIED and len(value) > 10]
    values = {"said": visit.say("page.kept.gone"), "typed": typed}
    return Shown("kept.html", visit.say("page.kept"), values, HTTPStatus.CONFLICT)


def _with_signals(visit: Visit, way: str, named: str) -> PageAnswer:
    """The same form with one signal more of the kind, or without that one, and all else that was typed."""
    turn, task = _turn(visit), own_task(visit.acting, visit.asked.number("task", TaskId))
    if isinstance(task, Refused):
        return _gone(visit)
    blocks = min(visit.asked.count("blocks"), MOST_SIGNALS)
    if way == _ADD:
        kind = next((one for one in KINDS if one == named), None)
        typed, blocks = with_signal(visit.typed, blocks, kind)
        here = blocks
    else:
        here = next((one for one in range(1, blocks + 1) if str(one) == named), blocks)
        typed, blocks = without_signal(visit.typed, blocks, here)
    unseen = task.version != visit.asked.count("version")
    card = form_card(turn, task, typed, [], blocks, unseen=unseen)
    return _shown(visit, task, card, comes_to=signal_heading(here, blocks, visit.say))


def _keep(visit: Visit) -> tuple[str, HTTPStatus] | None:
    """What is said of the draft; None where it is no form of hers."""
    task_id, version = visit.asked.number("task", TaskId), visit.asked.count("version")
    kept = keep(visit.acting, task_id, _to_keep(visit), version, drafting.drawing_of(visit))
    if isinstance(kept, Refused):
        return None
    if isinstance(kept, Elsewhere):
        return drafting.line_of(visit, kept), HTTPStatus.CONFLICT
    if isinstance(kept, TooLong):
        return visit.say("page.draft.too_long"), HTTPStatus.UNPROCESSABLE_ENTITY
    if kept.left_out:
        return visit.say("page.draft.left_out", at=_clock(visit)), HTTPStatus.OK
    return visit.say("page.draft.kept", at=_clock(visit)), HTTPStatus.OK


def _to_keep(visit: Visit) -> dict[str, str]:
    return {name: value for name, value in visit.typed.items() if name not in CARRIED - {"blocks"}}


def _clock(visit: Visit) -> str:
    return visit.say.time_of_day(visit.now)


def keep_draft(visit: Visit) -> PageAnswer:
    """While it is being written: a line that says whether it was kept."""
    text, status = _keep(visit) or (visit.say("page.kept.gone"), HTTPStatus.CONFLICT)
    return Shown("draft.html", "", {"text": text, "good": status == HTTPStatus.OK}, status)


def _keep_for_later(visit: Visit) -> PageAnswer:
    said = _keep(visit)
    if said is None:
        return _gone(visit)
    if said[1] == HTTPStatus.OK:
        return DeedDone()
    return Shown(
        "kept.html",
        visit.say("page.kept"),
        {"said": visit.say("page.kept.long"), "typed": list(visit.typed.values())},
        said[1],
    )


OFFERED = (
    PageOf(PATH, Conversation.REPORT, report_form),
    DeedOf(PATH, Conversation.REPORT, send, "/mina"),
    DeedOf(f"{PATH}/utkast", Conversation.REPORT, keep_draft, "/mina"),
)
