"""Units, items and months for the risk tests, made by hand and by Hypothesis."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from hypothesis import strategies as st

from followup import PlacementId
from followup.risk.inputs import Exposure, Inputs, Item, ItemKind
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
    placement: int | None = None,
) -> Item:
    return Item(
        id=id,
        version=1,
        kind=ItemKind(kind),
        day=date.fromisoformat(day),
        weight=Decimal(weight),
        event=event,
        floor=floor,
        decided=decided,
        zero_because=zero_because,
        consequence=consequence,
        placement=None if placement is None else PlacementId(placement),
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
    coverage: str | None = "2020-01",
    notices: tuple[str, ...] = (),
) -> Inputs:
    """Measured since long, unless another month is given."""
    rows = whole_year() if exposure is None else exposure
    begun = None if coverage is None else Month.parse(coverage)
    day = date.fromisoformat(as_of)
    return Inputs("E-1", segment, day, items, rows, config, FIRST_BASE_LEVELS, begun, notices)


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
        kind=st.sampled_from(["deviation", "unsafe", "concern", "provider_report_missing"]),
        day=DAYS,
        placement=st.sampled_from([None, 1, 2]),
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
    coverage = draw(st.sampled_from([None, "2020-01", "2026-03"]))
    notices = draw(st.sampled_from([(), ("B-1",), ("B-1", "B-12")]))
    items = draw(SOME_ITEMS)
    return unit(*items, segment=segment, exposure=tuple(rows), coverage=coverage, notices=notices)
