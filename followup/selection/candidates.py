"""From what is known of the units to the frame's rows, with what is left out and why, and the age mix."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from followup.placement import age_on, open_days
from followup.selection.selection_frame import Frame, FrameRow, Parameters
from followup.wording.wording import Wording, wording

YOUNG, GROWN = 16, 18


@dataclass(frozen=True)
class FramePlacement:
    """One placement in a unit, as far as the selection needs it."""

    starts: date
    ends: date | None
    born: date | None = None
    greater_needs_since: date | None = None


@dataclass(frozen=True)
class Candidate:
    """A unit; `followed` is false for the municipality's own foster homes (R21)."""

    unit: str
    stays: tuple[FramePlacement, ...]
    followed: bool = True
    band: str = "green"
    index: int = 0
    ratio: str = "0.0000"
    last: int | None = None


@dataclass(frozen=True)
class LeftOut:
    """A unit outside the frame: without a placement in twelve months, or the municipality's own foster homes."""

    unit: str
    why: Literal["dormant", "own"]


@dataclass(frozen=True)
class AgeMix:
    """Placements of the period by the age when it ended or the placement did; without a birth date unknown."""

    under_18: int = 0
    grown: int = 0
    unknown: int = 0

    @property
    def mostly_young(self) -> bool:
        """Then the selection should be made half-yearly again (R86)."""
        return self.under_18 > self.grown

    def sentences(self) -> Iterator[Wording]:
        yield wording("selection.ages.mix", **vars(self))
        if self.unknown:
            yield wording("selection.ages.unknown")
        if self.mostly_young:
            yield wording("selection.ages.half_yearly")


def period_of(day: date) -> tuple[date, date]:
    """The twelve months that end with the day, both ends included."""
    is_leap_day = (day.month, day.day) == (2, 29)
    year_before = day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
    return year_before + timedelta(days=1), day


def days_of(day: date) -> dict[str, date]:
    """The twelve months' ends, as a sentence that names them takes them."""
    return dict(zip(("first", "last"), period_of(day), strict=True))


def frame_of(
    candidates: Iterable[Candidate], day: date, year: int, parameters: Parameters
) -> tuple[Frame, tuple[LeftOut, ...]]:
    rows, left_out = [], []
    for one in sorted(candidates, key=lambda one: one.unit):
        stays = stays_in(one.stays, day)
        if not one.followed:
            left_out.append(LeftOut(one.unit, "own"))
        elif not stays:
            left_out.append(LeftOut(one.unit, "dormant"))
        else:
            rows.append(_row(one, stays, day))
    return Frame(year, tuple(rows), parameters), tuple(left_out)


def stays_in(stays: Iterable[FramePlacement], day: date) -> list[FramePlacement]:
    first, last = period_of(day)
    return [stay for stay in stays if open_days(stay.starts, stay.ends, first, last)]


def _row(one: Candidate, stays: Sequence[FramePlacement], day: date) -> FrameRow:
    return FrameRow(
        id=one.unit,
        placements=len(stays),
        age0_15=sum(_is_young(stay, day) for stay in stays),
        needs=sum(_has_needs(stay, day) for stay in stays),
        band=one.band,
        index=one.index,
        ratio=one.ratio,
        last=one.last,
    )


def _is_young(stay: FramePlacement, day: date) -> bool:
    """Had not turned 16 on some day of the placement in the period, so on the first of them (R80)."""
    first, _ = period_of(day)
    return stay.born is not None and age_on(stay.born, max(stay.starts, first)) < YOUNG


def _has_needs(stay: FramePlacement, day: date) -> bool:
    """Greater needs were known on some day of the placement in the period (R81)."""
    since = stay.greater_needs_since
    return since is not None and since <= _last_day(stay, day)


def _last_day(stay: FramePlacement, day: date) -> date:
    return min(stay.ends or day, day)


def age_mix(stays: Iterable[FramePlacement], day: date) -> AgeMix:
    ages = [
        None if stay.born is None else age_on(stay.born, _last_day(stay, day))
        for stay in stays_in(stays, day)
    ]
    known = [age for age in ages if age is not None]
    under = sum(age < GROWN for age in known)
    return AgeMix(under, len(known) - under, len(ages) - len(known))
