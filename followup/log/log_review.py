"""What in the access log deserves a look: SoLPuL 10 § asks for systematic and recurring checks (law-and-facts F11)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from followup.times.calendar import at_municipal, is_working_day, municipal, municipal_day
from followup.times.month import Month

FindingKind = Literal["other_team", "out_of_hours", "many_records", "own_name", "reference", "refused"]
KINDS: tuple[FindingKind, ...] = get_args(FindingKind)
FIRST_HOUR, LAST_HOUR = time(7), time(18)
# A day with more than this many children's data, and with so many times the person's usual, is unusual.
MANY, TIMES_USUAL = 50, 5
REFUSALS = 3
SHORTEST_NAME = 3
_QUARTER = re.compile(r"(2\d{3})-Q([1-4])", re.ASCII)


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> "Quarter | None":
        """`2026-Q4`; None for anything else."""
        found = _QUARTER.fullmatch(text.strip().upper())
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def first_month(self) -> Month:
        return Month(self.year, 3 * self.number - 2)

    @property
    def begins(self) -> datetime:
        return at_municipal(self.first_month.first, time(0))

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return at_municipal(self.first_month.plus(3).first, time(0))

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"


@dataclass(frozen=True)
class Look:
    """One entry of the log with what is known of who looked and at whose; `own` says that team binds the role."""

    at: datetime
    who: str
    name: str
    act: str
    subject: str
    records: int = 1
    team: str | None = None
    own: bool = False
    reason: str | None = None
    teams: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One person's unusual access of one kind on one day; the first subjects and reasons stand for the rest."""

    kind: FindingKind
    day: date
    who: str
    entries: int
    records: int
    subjects: tuple[str, ...]
    reasons: tuple[str, ...]


def findings(looks: Iterable[Look]) -> list[Finding]:
    """Everything unusual, oldest day first."""
    days: defaultdict[tuple[str, date], list[Look]] = defaultdict(list)
    for look in looks:
        days[look.who, municipal_day(look.at)].append(look)
    usual = _usual(days)
    found = [
        _finding(kind, who, day, unusual)
        for (who, day), of_day in days.items()
        for kind, unusual in _unusual(of_day, usual[who]).items()
        if unusual
    ]
    return sorted(found, key=lambda one: (one.day, one.who, KINDS.index(one.kind)))


def _usual(days: Mapping[tuple[str, date], Sequence[Look]]) -> dict[str, int]:
    """Each person's median of records a day."""
    records: defaultdict[str, list[int]] = defaultdict(list)
    for (who, _), looks in days.items():
        records[who].append(_records(looks))
    return {who: sorted(of_days)[len(of_days) // 2] for who, of_days in records.items()}


def _records(looks: Iterable[Look]) -> int:
    return sum(look.records for look in looks if look.act == "read")


def _unusual(looks: Sequence[Look], usual: int) -> dict[FindingKind, list[Look]]:
    reads = [look for look in looks if look.act == "read"]
    refused = [look for look in looks if look.act == "refused"]
    return {
        "other_team": [look for look in reads if look.own and look.teams - {look.team}],
        "out_of_hours": [look for look in looks if look.act != "refused" and not _in_hours(look.at)],
        "many_records": reads if _records(reads) > max(MANY, TIMES_USUAL * usual) else [],
        "own_name": [look for look in reads if _shares_name(look)],
        "reference": [look for look in reads if look.subject.startswith("case_reference:")],
        "refused": refused if len(refused) >= REFUSALS else [],
    }


def _in_hours(at: datetime) -> bool:
    local = municipal(at)
    return is_working_day(local.date()) and FIRST_HOUR <= local.time() < LAST_HOUR


def _shares_name(look: Look) -> bool:
    """Whether the surname of who looked stands among the names of what was looked at."""
    surname = look.name.split()[-1].casefold() if look.name.strip() else ""
    words = {word for name in look.names for word in re.findall(r"[^\W\d_]+", name.casefold())}
    return len(surname) >= SHORTEST_NAME and surname in words


def _finding(kind: FindingKind, who: str, day: date, looks: Sequence[Look]) -> Finding:
    return Finding(
        kind,
        day,
        who,
        len(looks),
        sum(look.records for look in looks),
        tuple(dict.fromkeys(look.subject for look in looks))[:3],
        tuple(dict.fromkeys(look.reason for look in looks if look.reason)),
    )


REMIND_EVERY = timedelta(days=14)


def reminder_due(today: date) -> tuple[Quarter, int]:
    """The quarter to review and which reminder of it is due, counted from 0 at the new quarter's first day."""
    quarter = Quarter.of(today)
    return quarter.previous, (today - quarter.first_month.first) // REMIND_EVERY
