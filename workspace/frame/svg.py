"""A curve as shapes on a sheet: the level month by month, what chance alone gives, and the limit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from followup.risk.chart import LineChart, Point, runs

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 60, 14, 30
# A label under each third month, as in the picture of the same curve.
EVERY = 3


@dataclass(frozen=True)
class Mark:
    """A text at its place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Curve:
    """`lines` and `fields` are points as SVG writes them; a gap parts one line from the next."""

    width: int
    height: int
    lines: tuple[str, ...]
    fields: tuple[str, ...]
    dots: tuple[Mark, ...]
    limit: float
    labels: tuple[Mark, ...]
    newest: Mark | None


def curve_of(chart: LineChart) -> Curve:
    tops = [one for point in chart.points for one in (point.value or 0, point.high or 0)]
    highest = max(chart.limit * 1.25, *(one * 1.15 for one in tops))
    x = {
        point.day: LEFT + (WIDTH - LEFT - RIGHT) * place / max(len(chart.points) - 1, 1)
        for place, point in enumerate(chart.points)
    }

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / highest)

    def path(values: Iterable[tuple[str, float]]) -> str:
        return " ".join(f"{x[day]:.1f},{y(value):.1f}" for day, value in values)

    dots = tuple(
        Mark(x[one.day], y(one.value), f"{one.value:.0f}") for one in chart.points if one.value is not None
    )
    lows, highs = runs(chart.points, "low"), runs(chart.points, "high")
    last = chart.points[-1].value
    return Curve(
        WIDTH,
        HEIGHT,
        tuple(path(run) for run in runs(chart.points)),
        tuple(path([*high, *reversed(low)]) for low, high in zip(lows, highs, strict=True)),
        dots,
        y(chart.limit),
        _labels(chart.points, x),
        None if last is None else Mark(x[chart.points[-1].day] + 8, y(last) + 5, f"{last:.0f}"),
    )


def _labels(points: Sequence[Point], x: Mapping[str, float]) -> tuple[Mark, ...]:
    first = (len(points) - 1) % EVERY
    return tuple(Mark(x[one.day], HEIGHT - 10, one.label) for one in points[first::EVERY])
