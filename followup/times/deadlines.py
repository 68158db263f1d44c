"""The dates of the selection, of a year or of each half of it, and when the quality team is told about each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Literal, get_args

Occasion = Literal["proposal", "follow_ups_done", "draft", "board"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
# Of each half, where the selection is made twice a year; the report is the year's.
OF_EACH_HALF: tuple[Occasion, ...] = ("proposal", "follow_ups_done")
# The parts of a year that selections are of: the whole, or the first and the second half of it.
WHOLE, HALVES = (0,), (1, 2)
TELL_DAYS_BEFORE = (30, 7, 0)
CATCH_UP = timedelta(days=7)


@dataclass(frozen=True)
class YearDates:
    """Month and day of each occasion; the October report goes to the board's meeting (R88).

    With `halves` the selection is made for each half of the year (R87): the first of the dates are then the first's.
    """

    proposal: tuple[int, int] = (3, 1)
    follow_ups_done: tuple[int, int] = (8, 31)
    draft: tuple[int, int] = (9, 15)
    board: tuple[int, int] = (10, 15)
    halves: bool = False
    second_proposal: tuple[int, int] = (9, 1)
    second_follow_ups_done: tuple[int, int] = (12, 15)

    @property
    def parts(self) -> tuple[int, ...]:
        """What selections a year has."""
        return HALVES if self.halves else WHOLE

    def parts_of(self, occasion: Occasion) -> tuple[int, ...]:
        return self.parts if occasion in OF_EACH_HALF else WHOLE

    def on(self, occasion: str, year: int, part: int = 0) -> date:
        month, day = getattr(self, f"second_{occasion}" if part == max(HALVES) else occasion)
        return date(year, month, day)


@dataclass(frozen=True)
class YearDateNotice:
    """`days` before the occasion's date, 0 on the day itself."""

    occasion: Occasion
    due: date
    days: int
    part: int = 0

    @property
    def tell_on(self) -> date:
        return self.due - timedelta(days=self.days)


def notices(year: int, dates: YearDates) -> Iterator[YearDateNotice]:
    for occasion in OCCASIONS:
        for part, days in product(dates.parts_of(occasion), TELL_DAYS_BEFORE):
            yield YearDateNotice(occasion, dates.on(occasion, year, part), days, part)


def due_notices(today: date, dates: YearDates) -> list[YearDateNotice]:
    """The newest notice of each occasion that is due: one that was missed is given until a week after the date."""
    newest: dict[tuple[Occasion, int, int], YearDateNotice] = {}
    for year in (today.year - 1, today.year, today.year + 1):
        for notice in notices(year, dates):
            if notice.tell_on <= today <= notice.due + CATCH_UP:
                newest[notice.occasion, notice.part, year] = notice
    return list(newest.values())
