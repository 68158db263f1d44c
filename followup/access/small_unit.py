"""Who sees what of a unit, and what is taken away while it is small or was so in the window (law-and-facts F10)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from followup.people import Role
from followup.times.month import Month
from followup.wording.secrecy import FEW

ONE_DAY = timedelta(days=1)


class OfAChild(Protocol):
    """A child's stay at a unit; `child` only tells children apart."""

    @property
    def child(self) -> str: ...
    @property
    def starts(self) -> date: ...
    @property
    def ends(self) -> date | None: ...


@dataclass(frozen=True)
class ChildPlacement:
    child: str
    starts: date
    ends: date | None = None


def is_small(stays: Iterable[OfAChild], since: date, until: date) -> bool:
    """Whether there was a day from `since` to `until` with one or two children, or fewer than three in all.

    A unit never filled is small. Two stays of one child are one child's, and siblings are counted as they are.
    """
    since = min(since, until)
    within = [one for one in stays if one.starts <= until and (one.ends is None or one.ends >= since)]
    if len({one.child for one in within}) < FEW:
        return True
    return any(0 < _children_on(within, day) < FEW for day in set(_days_of_change(within, since, until)))


def _children_on(stays: Collection[OfAChild], day: date) -> int:
    return len({one.child for one in stays if one.starts <= day and (one.ends is None or one.ends >= day)})


def _days_of_change(stays: Iterable[OfAChild], since: date, until: date) -> Iterator[date]:
    """Between these days the number of children is the same."""
    yield since
    for one in stays:
        if since < one.starts <= until:
            yield one.starts
        if one.ends is not None and since <= one.ends < until:
            yield one.ends + ONE_DAY


def year_before(day: date) -> date:
    """The first day that an index, a rate or a trend as of the day says something of: twelve whole months back."""
    return Month.of(day).plus(-12).first


class Audience(StrEnum):
    """Who reads it; the quality team is one in its own chats, and in its channel others look on."""

    QUALITY = "quality"
    MANAGER = "manager"
    WORKER = "worker"
    CHANNEL = "channel"
    PUBLIC = "public"


class Matter(StrEnum):
    """What can be told of a unit."""

    NAME = "name"
    PROVIDER = "provider"
    FORM = "form"
    BAND = "band"
    ALERT = "alert"  # That one is open, its number and who has taken it.
    PLACEMENTS = "placements"  # How many are placed.
    COVERAGE = "coverage"  # How much of the reports is in.
    LEVEL = "level"  # Ratio, index, trend and the plot of it.
    EVIDENCE = "evidence"  # Kinds, numbers, days, grades and marks of what was told, and the sentence why.
    ANSWERS = "answers"  # Answers, plans, papers and the share on framework agreements.
    FOLLOW_UP = "follow_up"  # Step, verdict and actions.
    VERDICT = "verdict"  # The last one, and how many follow-ups are open.
    OUTCOME = "outcome"  # How placements there ended, in words (followup.access.outcomes).
    FOLLOW_UP_TEXTS = "follow_up_texts"
    CONTRACT = "contract"  # When the agreements with the provider end.


class Telling(StrEnum):
    """How much of it is told."""

    ALL = "all"
    WORD = "word"  # One word that is the same for many values: "få", "otillräckligt".
    OWN = "own"  # Of one's own workers, counted together, never by unit.
    LINK = "link"
    MONTH = "month"  # The verdict, with the month in the place of the day.
    AFTER_VERDICT = "after_verdict"
    NOTHING = "nothing"


_A, _N = Telling.ALL, Telling.NOTHING
_AUDIENCES = (Audience.QUALITY, Audience.MANAGER, Audience.WORKER, Audience.CHANNEL, Audience.PUBLIC)
#                           quality manager                worker channel       public
_SMALL: Mapping[Matter, tuple[Telling, ...]] = {
    Matter.NAME:            (_A,     _A,                     _A,    _A,           _A),
    Matter.PROVIDER:        (_A,     _A,                     _A,    _N,           _A),
    Matter.FORM:            (_A,     _A,                     _A,    _N,           _A),
    Matter.BAND:            (_A,     _A,                     _A,    _A,           _N),
    Matter.ALERT:           (_A,     _A,                     _N,    Telling.LINK, _N),
    Matter.PLACEMENTS:      (_A,     Telling.WORD,           _N,    _N,           _N),
    Matter.COVERAGE:        (_A,     Telling.WORD,           _N,    _N,           _N),
    Matter.LEVEL:           (_A,     _N,                     _N,    _N,           _N),
    Matter.EVIDENCE:        (_A,     Telling.WORD,           _N,    _N,           _N),
    Matter.ANSWERS:         (_A,     Telling.OWN,            _N,    _N,           _N),
    Matter.FOLLOW_UP:       (_A,     _A,                     _N,    Telling.LINK, _N),
    Matter.VERDICT:         (_A,     _A,                     _A,    _N,           Telling.MONTH),
    Matter.OUTCOME:         (_A,     _A,                     _A,    _N,           _N),
    Matter.FOLLOW_UP_TEXTS: (_A,     Telling.AFTER_VERDICT,  _N,    _N,           _N),
    Matter.CONTRACT:        (_A,     _A,                     _N,    _N,           _A),
}  # fmt: skip
# These are told the same of every unit, so that what is told does not say which ones are small.
_ALIKE = frozenset({Audience.WORKER, Audience.PUBLIC})


def told(audience: Audience, matter: Matter, *, small: bool) -> Telling:
    """How much of it the audience is told; of a unit that is not small, all that the access table gives."""
    of_small = _SMALL[matter][_AUDIENCES.index(audience)]
    return of_small if small or audience in _ALIKE else Telling.ALL


def audience_of(role: Role | None, *, channel: bool) -> Audience:
    """Who reads what a person of the role is shown; nobody known is told as little as a channel."""
    if channel or role is None:
        return Audience.CHANNEL
    return _BY_ROLE.get(role, Audience.PUBLIC)


_BY_ROLE = {
    Role.QUALITY: Audience.QUALITY,
    Role.MANAGER: Audience.MANAGER,
    Role.WORKER: Audience.WORKER,
}


def knows_of(audience: Audience, *, secret: bool) -> bool:
    """An unannounced visit that goes on does not exist outside the quality team: in no count, list or link."""
    return audience == Audience.QUALITY or not secret
