"""Units, items and months for the risk tests, made by hand and by Hypothesis."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from hypothesis import strategies as st

from followup.risk.risk import Exposure, Inputs, Item
from followup.risk.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG, RiskConfig
from followup.times.month import Month, months_between

YEAR = months_between(Month(2026, 1), Month(2026, 12))


def item(
    id: str = "A-1",  # noqa: A002
    day: str = "2026-12-05",
    weight: str = "2",
    *,
    event: str | None = None,
    floor: Literal["red", "yellow"] | None = None,
    decided: bool = False,
    zero_because: str | None = None,
    consequence: int | None = None,
    kind: str = "deviation",
) -> Item:
    return Item(
        id=id,
        version=1,
        kind=kind,
        day=date.fromisoformat(day),
        weight=Decimal(weight),
        event=event,
        floor=floor,
        decided=decided,
        zero_because=zero_because,
        consequence=consequence,
    )


def month(text: str, expected: int = 1, missing: int = 0, placements: int = 1) -> Exposure:
    at = Month.parse(text)
    return Exposure(at, placements * at.days, expected, missing)


def whole_year(placements: int = 1) -> tuple[Exposure, ...]:
    return tuple(month(str(at), placements, 0, placements) for at in YEAR)


def unit(
    *items: Item,
    segment: str = "oppenvard",
    exposure: tuple[Exposure, ...] | None = None,
    as_of: str = "2026-12-31",
    config: RiskConfig = FIRST_CONFIG,
) -> Inputs:
    rows = whole_year() if exposure is None else exposure
    return Inputs("E-1", segment, date.fromisoformat(as_of), items, rows, config, FIRST_BASE_LEVELS)


DAYS = st.integers(-20, 480).map(lambda back: date(2026, 12, 31) - timedelta(days=back))
WEIGHTS = st.sampled_from(["0", "0.5", "1", "2", "3", "4"]).map(Decimal)
FLOORS = st.sampled_from([None, "red", "yellow"])
MONTHS = months_between(Month(2025, 12), Month(2027, 1))
NUMBERS = st.tuples(st.integers(0, 200), st.integers(0, 6), st.integers(0, 6))


SOME_ITEMS = st.lists(
    st.builds(
        Item,
        id=st.integers(1, 99).map(lambda number: f"A-{number}"),
        version=st.just(1),
        kind=st.sampled_from(["deviation", "concern"]),
        day=DAYS,
        weight=WEIGHTS,
        event=st.sampled_from([None, "fall", "bråk"]),
        floor=FLOORS,
        decided=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda made: made.id,
)


@st.composite
def some_units(draw: st.DrawFn) -> Inputs:
    """A unit with linked and unlinked items, some in the future, and with holes in its reports."""
    numbers = draw(st.lists(NUMBERS, max_size=len(MONTHS)))
    rows = (
        Exposure(at, days, max(pair), min(pair)) for at, (days, *pair) in zip(MONTHS, numbers, strict=False)
    )
    segment = draw(st.sampled_from(sorted(FIRST_BASE_LEVELS.levels)))
    return unit(*draw(SOME_ITEMS), segment=segment, exposure=tuple(rows))
