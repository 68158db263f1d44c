"""Charts drawn as pictures, readable in grey: every part has its figure beside it, and a pattern besides its colour."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Wedge

from followup.risk.chart import Amount, BarChart, Chart, Donut, Gauge, LineChart, runs

WIDTH, DOTS_AN_INCH = 6.4, 150
# Readable in grey: what differs in colour differs in pattern and in darkness too.
INK, FAINT, PAPER, LINE, RULER = "#1f2a37", "#5b6672", "#ffffff", "#2c4a6e", "#e3e6ea"
PLAIN, REST = "#8aa4c2", "#eef1f4"


class Fill(NamedTuple):
    """`ink` is what is written upon it."""

    colour: str
    hatch: str
    ink: str


# Red is the darkest and crossed, green the lightest and plain.
FILLS: Mapping[str, Fill] = {
    "red": Fill("#a32a20", "xx", PAPER),
    "yellow": Fill("#e0a526", "//", INK),
    "green": Fill("#bfe0c1", "", INK),
    "insufficient": Fill(PAPER, "..", INK),
    "plain": Fill(PLAIN, "", INK),
}


def png(chart: Chart) -> bytes:
    """The chart as a PNG, 960 pixels wide."""
    draw, height = _DRAWN[type(chart)]
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_AN_INCH, layout="constrained", facecolor=PAPER)
    draw(figure, chart)
    picture = BytesIO()
    # Figure.savefig draws it all once more beforehand, in vain.
    FigureCanvasAgg(figure).print_png(picture)  # type: ignore[no-untyped-call]
    return picture.getvalue()


def _axes(figure: Figure, axis: str) -> Axes:
    axes = figure.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.tick_params(colors=INK, labelsize=9, length=0)
    axes.set_ylabel(axis, fontsize=9, color=FAINT)
    axes.grid(axis="y", color=RULER, linewidth=0.8)
    axes.set_axisbelow(True)
    return axes


def _line(figure: Figure, chart: LineChart) -> None:
    axes = _axes(figure, chart.axis)
    places = {point.day: place for place, point in enumerate(chart.points)}
    _field(axes, chart)
    for run in runs(chart.points):
        values = [value for _, value in run]
        axes.plot([places[day] for day, _ in run], values, color=LINE, linewidth=2, marker="o", ms=4)
    last = len(chart.points) - 1
    axes.axhline(chart.limit, color=INK, linewidth=1.2, linestyle="--")
    axes.text(0, chart.limit, chart.limit_label, fontsize=9, color=INK, va="bottom")
    _name_the_newest(axes, chart, last)
    axes.set_xticks(range(last % 3, last + 1, 3), [point.label for point in chart.points[last % 3 :: 3]])
    axes.set_xlim(-0.5, last + 1)
    highest = (max(point.value or 0, point.high or 0) * 1.15 for point in chart.points)
    axes.set_ylim(0, max(chart.limit * 1.25, *highest))


def _field(axes: Axes, chart: LineChart) -> None:
    """What chance alone gives, a hatched block a month so that it is seen in grey, under its name."""
    label = chart.expected_label
    for place, point in enumerate(chart.points):
        if point.low is None or point.high is None:
            continue
        height = max(point.high - point.low, 0.5)
        axes.bar(
            place, height, 1, point.low, color=RULER, hatch="...", edgecolor=FAINT, linewidth=0, label=label
        )
        label = "_nolegend_"
    if label != chart.expected_label:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            fontsize=9,
            frameon=False,
            labelcolor=INK,
            borderaxespad=0,
        )


def _name_the_newest(axes: Axes, chart: LineChart, last: int) -> None:
    newest = chart.points[last].value
    if newest is not None:
        axes.annotate(
            f"{newest:.0f}",
            (last, newest),
            xytext=(6, 0),
            textcoords="offset points",
            fontsize=11,
            fontweight="bold",
            color=INK,
            va="center",
        )


def _bars(figure: Figure, chart: BarChart) -> None:
    axes = _axes(figure, chart.axis)
    for place, bar in enumerate(chart.bars):
        colour, hatch, _ = FILLS[bar.tone]
        axes.bar(place, bar.value, width=0.6, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.8)
        axes.text(place, bar.value, f"{bar.value:.0f}", ha="center", va="bottom", fontsize=10, color=INK)
    axes.set_xticks(range(len(chart.bars)), [bar.label for bar in chart.bars])
    axes.set_ylim(0, chart.most * 1.12)
    axes.set_xlim(-0.6, max(len(chart.bars), 4) - 0.4)


def _donut(figure: Figure, chart: Donut) -> None:
    axes = figure.subplots()
    shown = [one for one in chart.slices if one.value]
    wedges = _ring(axes, shown)
    total = sum(one.value for one in shown)
    axes.text(0, 0, f"{total:.0f}", ha="center", va="center", fontsize=22, fontweight="bold", color=INK)
    figure.legend(
        wedges,
        [f"{one.label}: {one.value:.0f}" for one in shown],
        loc="outside right center",
        frameon=False,
        fontsize=11,
        handlelength=1.8,
        handleheight=1.4,
        labelspacing=0.9,
        labelcolor=INK,
    )


def _ring(axes: Axes, shown: list[Amount]) -> list[Wedge]:
    """Clockwise from the top, in the order given."""
    wedges = []
    total, begin = sum(one.value for one in shown), 90.0
    for one in shown:
        end = begin - 360 * one.value / total
        colour, hatch, _ = FILLS[one.tone]
        wedge = Wedge((0, 0), 1, end, begin, width=0.42, fc=colour, ec=INK, lw=0.9, hatch=hatch)
        wedges.append(wedge)
        axes.add_patch(wedge)
        begin = end
    axes.set(xlim=(-1.08, 1.08), ylim=(-1.08, 1.08), aspect="equal")
    axes.axis("off")
    return wedges


def _gauge(figure: Figure, chart: Gauge) -> None:
    axes = figure.subplots()
    share = min(1.0, chart.value / chart.most) if chart.most else 0.0
    turn = 180 - 180 * share
    axes.add_patch(Wedge((0, 0), 1, turn, 180, width=0.34, fc=LINE, ec=INK, lw=0.9))
    axes.add_patch(Wedge((0, 0), 1, 0, turn, width=0.34, fc=PAPER, ec=INK, lw=0.9, hatch=".."))
    axes.text(0, 0.16, f"{chart.value:.0f}", ha="center", fontsize=26, fontweight="bold", color=INK)
    axes.text(0, -0.04, f"/ {chart.most:.0f}", ha="center", fontsize=12, color=FAINT)
    axes.text(-1.15, 0.02, f"{chart.reached}: {chart.value:.0f}", ha="right", fontsize=11, color=INK)
    left = chart.most - chart.value
    axes.text(1.15, 0.02, f"{chart.left}: {left:.0f}", ha="left", fontsize=11, color=INK)
    axes.set(xlim=(-2.4, 2.4), ylim=(-0.15, 1.05), aspect="equal")
    axes.axis("off")


# Each kind with its height in inches.
_DRAWN: Mapping[type[Chart], tuple[Callable[..., None], float]] = {
    LineChart: (_line, 2.6),
    BarChart: (_bars, 2.4),
    Donut: (_donut, 2.2),
    Gauge: (_gauge, 1.7),
}
