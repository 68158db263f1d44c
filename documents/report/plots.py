"""The report's plots, readable in grey: hatches, markers a figure at every part, and what one sees in words."""

from collections.abc import Callable, Sequence
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from documents.plots import FAINT, FILLS, INK, LINE, PAPER, PLAIN, REST, RULER
from documents.report.blocks import Picture
from documents.report.material import Material
from documents.report.words import Words
from followup.figures.bands import SHOWN
from followup.figures.figure import Figure, Row, Table

WIDTH, DOTS_AN_INCH = 7.2, 160


def bands(table: Table, words: Words) -> Picture:
    """Stacked columns month by month, each part with its number of units."""
    canvas, axes = _canvas(3.1, words("year.plot.bands.axis"))
    months = [words.label(row.label) for row in table.rows]
    bottoms = [0] * len(months)
    for place, band in reversed(list(enumerate(SHOWN))):
        counts = [_value(row, place) for row in table.rows]
        colour, hatch, ink = FILLS[band]
        axes.bar(
            range(len(months)),
            counts,
            0.72,
            bottom=bottoms,
            color=colour,
            hatch=hatch,
            edgecolor=INK,
            linewidth=0.7,
            label=words(f"year.column.{band}"),
        )
        for x, (count, bottom) in enumerate(zip(counts, bottoms, strict=True)):
            if count:
                _on_bar(axes, x, bottom + count / 2, str(count), ink, colour)
        bottoms = [bottom + count for bottom, count in zip(bottoms, counts, strict=True)]
    axes.set_xticks(range(len(months)), [_short(month) for month in months])
    axes.set_ylim(0, max(bottoms) * 1.04)
    handles, labels = axes.get_legend_handles_labels()
    canvas.legend(
        handles[::-1],
        labels[::-1],
        loc="outside upper center",
        ncols=4,
        frameon=False,
        fontsize=9,
        labelcolor=INK,
    )
    last = table.rows[-1]
    seen = {band: _value(last, place) for place, band in enumerate(SHOWN)}
    said = words("year.plot.bands.alt", n=len(months), month=words.label(last.label), **seen)
    return _picture(canvas, words("year.plot.bands"), said)


def responses(table: Table, words: Words, limit: int) -> Picture:
    """A line by month, each point with its percent, and the limit below which the evidence does not do."""
    canvas, axes = _canvas(2.7, words("year.plot.responses.axis"))
    column = [one.id for one in table.columns].index("response")
    shares = [_percent(row, column) for row in table.rows]
    months = [words.label(row.label) for row in table.rows]
    axes.plot(range(len(shares)), shares, color=LINE, linewidth=1.8, marker="o", markersize=5)
    for x, share in enumerate(shares):
        axes.annotate(
            f"{share}",
            (x, share),
            xytext=(0, -13),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=INK,
        )
    axes.axhline(limit, color=INK, linewidth=1, linestyle="--")
    axes.text(-0.4, limit - 2, words("year.plot.limit", percent=limit), fontsize=8.5, color=INK, va="top")
    axes.set_xticks(range(len(months)), [_short(month) for month in months])
    axes.set_xlim(-0.5, len(months) - 0.5)
    axes.set_ylim(0, 105)
    lowest = min(range(len(shares)), key=lambda x: shares[x])
    said = words(
        "year.plot.responses.alt",
        lowest=shares[lowest],
        month=months[lowest],
        highest=max(shares),
    )
    return _picture(canvas, words("year.plot.responses"), said)


def signals(table: Table, words: Words) -> Picture:
    """Lying bars, the first kind on top."""
    canvas, axes = _canvas(2.1, "")
    names = [words.label(row.label) for row in table.rows]
    counts = [_value(row, 0) for row in table.rows]
    _lying(axes, names, counts)
    axes.set_xlabel(words("year.plot.signals.axis"), fontsize=9, color=FAINT)
    told = ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return _picture(canvas, words("year.plot.signals"), words("year.plot.signals.alt", told=told))


def coverage(covered: Figure, words: Words) -> Picture:
    """One bar: the placements of the selected units, and the others; the line stands at half."""
    canvas, axes = _canvas(1.6, "")
    inside, whole = int(covered.value), 100 if covered.in_percent else covered.of or 0
    parts = ((inside, PLAIN, "//", "inside"), (whole - inside, REST, "", "outside"))
    left = 0
    for number, colour, hatch, name in parts:
        axes.barh(0, number, 0.5, left=left, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.8)
        axes.text(
            left,
            -0.3,
            words(f"year.plot.coverage.{name}", number=_with_sign(number, covered)),
            fontsize=9,
            color=INK,
            va="top",
        )
        left += number
    axes.plot([whole / 2, whole / 2], [-0.3, 0.3], color=INK, linewidth=1.6, linestyle="--")
    axes.text(whole / 2, 0.34, words("year.plot.coverage.half"), ha="center", fontsize=9, color=INK)
    axes.set(xlim=(0, whole * 1.12), ylim=(-0.62, 0.6))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    axes.set_xlabel(words("year.plot.coverage.axis"), fontsize=9, color=FAINT)
    said = words("year.plot.coverage.alt", share=words.figure(covered))
    return _picture(canvas, words("year.plot.coverage"), said)


def drawn(material: Material, table_id: str, draw: Callable[[Table], Picture]) -> list[Picture]:
    """Nothing of a table without rows, or of one that is not there."""
    table = material.tables.get(table_id)
    return [draw(table)] if table and table.rows else []


def _with_sign(number: int, of: Figure) -> str:
    return f"{number} %" if of.in_percent else str(number)


def _lying(axes: Axes, names: Sequence[str], counts: Sequence[int]) -> None:
    places = range(len(names) - 1, -1, -1)
    axes.barh(list(places), counts, 0.6, color=PLAIN, hatch="//", edgecolor=INK, linewidth=0.7)
    for place, count in zip(places, counts, strict=True):
        axes.annotate(
            str(count),
            (count, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=INK,
        )
    axes.set_yticks(list(places), names)
    axes.set_xlim(0, max(*counts, 1) * 1.1)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=RULER, linewidth=0.8)


def _canvas(height: float, axis: str) -> tuple[Canvas, Axes]:
    canvas = Canvas(figsize=(WIDTH, height), dpi=DOTS_AN_INCH, layout="constrained", facecolor=PAPER)
    axes = canvas.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=INK, labelsize=8.5, length=0)
    axes.set_ylabel(axis, fontsize=9, color=FAINT)
    axes.grid(axis="y", color=RULER, linewidth=0.8)
    axes.set_axisbelow(True)
    return canvas, axes


def _on_bar(axes: Axes, x: float, y: float, text: str, ink: str, paper: str) -> None:
    """On a patch of its own colour, since hatches run through letters."""
    patch = {"facecolor": paper, "edgecolor": "none", "pad": 1.2}
    axes.text(x, y, text, ha="center", va="center", fontsize=8.5, color=ink, bbox=patch)


def _short(month: str) -> str:
    """`september 2025` in two lines, so that twelve of them fit."""
    name, _, year = month.partition(" ")
    return f"{name[:3]}\n{year}"


def _value(row: Row, place: int) -> int:
    cell = row.cells[place]
    assert isinstance(cell, Figure)
    return int(cell.value)


def _percent(row: Row, place: int) -> int:
    cell = row.cells[place]
    assert isinstance(cell, Figure)
    return cell.percent or 0


def _picture(canvas: Canvas, caption: str, alternative: str) -> Picture:
    png = BytesIO()
    # Figure.savefig draws it all once more beforehand, in vain.
    FigureCanvasAgg(canvas).print_png(png, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return Picture(png.getvalue(), caption, alternative)
