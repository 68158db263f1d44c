"""A chart as a value: what it shows and the sentence that says the same, with no word about who draws it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from followup import UnitId

Tone = Literal["red", "yellow", "green", "insufficient", "plain"]


@dataclass(frozen=True)
class Point:
    """One month's value, and between what chance alone puts it; None where there is none, which is drawn as a gap."""

    day: str
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Amount:
    label: str
    value: float
    tone: Tone = "plain"


@dataclass(frozen=True)
class LineChart:
    """`limit` is a level to compare with, drawn as a line of its own under its label; `unit_id` is whose line it is.

    `expected_label` is what the field between the points' lows and highs is called.
    """

    title: str
    sentence: str
    axis: str
    points: tuple[Point, ...]
    limit: float
    limit_label: str
    unit_id: UnitId | None = None
    expected_label: str = ""


@dataclass(frozen=True)
class BarChart:
    """`most` is the top of the axis, 100 for shares."""

    title: str
    sentence: str
    axis: str
    bars: tuple[Amount, ...]
    most: float


@dataclass(frozen=True)
class Donut:
    title: str
    sentence: str
    slices: tuple[Amount, ...]


@dataclass(frozen=True)
class Gauge:
    """How much of `most` is reached; the two labels name what is reached and what is left."""

    title: str
    sentence: str
    value: float
    most: float
    reached: str
    left: str


Chart = LineChart | BarChart | Donut | Gauge
_NAMES: Mapping[str, type[Chart]] = {"line": LineChart, "bar": BarChart, "donut": Donut, "gauge": Gauge}


def as_json(chart: Chart) -> dict[str, Any]:
    """What `of_json` reads back to the same value."""
    name = next(name for name, kind in _NAMES.items() if isinstance(chart, kind))
    return {"chart": name, **asdict(chart)}


def of_json(found: Mapping[str, Any]) -> Chart:
    given = {name: value for name, value in found.items() if name != "chart"}
    if "points" in given:
        given["points"] = tuple(Point(**one) for one in given["points"])
    for name in ("bars", "slices"):
        if name in given:
            given[name] = tuple(Amount(**one) for one in given[name])
    return _NAMES[found["chart"]](**given)


def runs(
    points: tuple[Point, ...], of: Literal["value", "low", "high"] = "value"
) -> list[list[tuple[str, float]]]:
    """Days with their values, in rows that no gap interrupts."""
    rows: list[list[tuple[str, float]]] = [[]]
    for point in points:
        value: float | None = getattr(point, of)
        if value is not None:
            rows[-1].append((point.day, value))
        elif rows[-1]:
            rows.append([])
    return [row for row in rows if row]
