"""The dates of the yearly selection, and when the quality team is told about each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Occasion = Literal["proposal", "follow_ups_done", "draft", "board"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
TELL_DAYS_BEFORE = (30, 7, 0)
CATCH_UP = timedelta(days=7)


@dataclass(frozen=True)
class YearDates:
    """Month and day of each occasion; the October report goes to the board's meeting (R88)."""

    proposal: tuple[int, int] = (3, 1)
    follow_ups_done: tuple[int, int] = (8, 31)
    draft: tuple[int, int] = (9, 15)
    board: tuple[int, int] = (10, 15)

    def on(self, occasion: str, year: int) -> date:
        month, day = getattr(self, occasion)
        return date(year, month, day)


@dataclass(frozen=True)
class YearDateNotice:
    """`days` before the occasion's date, 0 on the day itself."""

    occasion: Occasion
    due: date
    days: int

    @property
    def tell_on(self) -> date:
        return self.due - timedelta(days=self.days)


def notices(year: int, dates: YearDates) -> Iterator[YearDateNotice]:
    for occasion in OCCASIONS:
        for days in TELL_DAYS_BEFORE:
            yield YearDateNotice(occasion, dates.on(occasion, year), days)


def due_notices(today: date, dates: YearDates) -> list[YearDateNotice]:
    """The newest notice of each occasion that is due: one that was missed is given until a week after the date."""
    newest: dict[tuple[Occasion, int], YearDateNotice] = {}
    for year in (today.year - 1, today.year, today.year + 1):
        for notice in notices(year, dates):
            if notice.tell_on <= today <= notice.due + CATCH_UP:
                newest[notice.occasion, year] = notice
    return list(newest.values())
