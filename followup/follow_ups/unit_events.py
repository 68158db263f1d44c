"""What is known of a unit beside the evidence: IVO's decisions and other events, shown and never in the arithmetic.

Source: risk-and-selection, "Items and points": evidence outside the four sources is "kompletterande".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from followup import UnitId
from followup.wording.form import Question, read, read_day
from followup.wording.wording import Problem, wording

IvoDecision = Literal[
    "ivo_no_fault", "ivo_fault", "ivo_order", "ivo_fine", "ivo_ban", "ivo_licence", "ivo_other"
]
OtherEvent = Literal["new_director", "placement_stop", "others_follow_up", "new_owner", "other"]
EventKind = IvoDecision | OtherEvent
IVO_DECISIONS: tuple[IvoDecision, ...] = get_args(IvoDecision)
OTHER_EVENTS: tuple[OtherEvent, ...] = get_args(OtherEvent)
EVENT_KINDS: tuple[EventKind, ...] = (*IVO_DECISIONS, *OTHER_EVENTS)
# As long as the file's columns and the database's.
LONGEST = {"source": 300, "link": 500}
QUESTIONS = (
    Question("kind", "choice", "unit_event", "unit_event", EVENT_KINDS),
    Question("happened_on", "date", "unit_event"),
    Question("source", "line", "unit_event"),
    Question("link", "line", "unit_event", required=False),
    Question("checked_on", "date", "unit_event", required=False),
)


@dataclass(frozen=True)
class Event:
    """`source` is where it can be read: a diary number, a link or who told; `checked_on` when that was last done."""

    kind: EventKind
    happened_on: date
    source: str
    link: str | None = None
    checked_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class UnitEvent(Event):
    """As it is registered at a unit."""

    id: int
    unit_id: UnitId
    known_at: datetime | None


def read_event(typed: Mapping[str, str], today: date) -> tuple[Event | None, list[Problem]]:
    """The event, or all that is wrong with what was typed."""
    answers, problems = read(QUESTIONS, typed, today)
    problems += [
        Problem(name, wording("form.too_long", length=len(answers[name]), longest=longest))
        for name, longest in LONGEST.items()
        if len(answers.get(name, "")) > longest
    ]
    happened_on = read_day(answers.get("happened_on", ""))
    kind = next((one for one in EVENT_KINDS if one == answers.get("kind")), None)
    if problems or happened_on is None or kind is None:
        return None, problems
    checked_on = read_day(answers.get("checked_on", ""))
    return Event(kind, happened_on, answers["source"], answers.get("link"), checked_on), []
