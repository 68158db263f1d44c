"""Draws a chart value as Teams' own chart, with a picture and a sentence for the clients that lack it."""

from collections.abc import Callable, Mapping
from typing import Any

from followup.risk.chart import Amount, BarChart, Chart, Donut, Gauge, LineChart, runs

Json = dict[str, Any]
PictureOf = Callable[[Chart], str | None]
_COLOURS: Mapping[str, str] = {
    "red": "attention",
    "yellow": "warning",
    "green": "good",
    "insufficient": "neutral",
    "plain": "categoricalBlue",
}


def no_picture(chart: Chart) -> str | None:
    """For cards that outlive a link: a message that is read on another day, and a channel."""
    return None


def draw_chart(chart: Chart, picture: str | None) -> Json:
    """Clients drop an element that they do not know, unless it has a fallback."""
    return {**_NATIVE[type(chart)](chart), "title": chart.title, "fallback": _fallback(chart, picture)}


def _fallback(chart: Chart, picture: str | None) -> Json:
    items: list[Json] = [_text(chart.title, weight="Bolder", size="Small")]
    if picture is not None:
        items.append(
            {
                "type": "Image",
                "url": picture,
                "altText": f"{chart.title}. {chart.sentence}",
                "size": "Stretch",
            }
        )
    items.append(_text(chart.sentence, isSubtle=True, size="Small"))
    return {"type": "Container", "spacing": "Medium", "items": items}


def _text(text: str, **style: Any) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True, **style}


def _line(chart: LineChart) -> Json:
    """A row of its own for each stretch without a gap, one for the limit, and the edges of what chance alone gives."""
    first, last = chart.points[0], chart.points[-1]
    stretches = [_row(chart.axis, "categoricalBlue", run) for run in runs(chart.points)]
    limit = _row(chart.limit_label, "neutral", [(one.day, chart.limit) for one in (first, last)])
    edges = [
        _row(chart.expected_label, "categoricalTeal", run)
        for edge in (runs(chart.points, "low"), runs(chart.points, "high"))
        for run in edge
    ]
    return {"type": "Chart.Line", "yAxisTitle": chart.axis, "data": [*stretches, limit, *edges]}


def _row(legend: str, colour: str, values: list[tuple[str, float]]) -> Json:
    return {"legend": legend, "color": colour, "values": [{"x": day, "y": value} for day, value in values]}


def _bars(chart: BarChart) -> Json:
    data = [{"x": bar.label, "y": bar.value, "color": _COLOURS[bar.tone]} for bar in chart.bars]
    return {"type": "Chart.VerticalBar", "yAxisTitle": chart.axis, "showBarValues": True, "data": data}


def _donut(chart: Donut) -> Json:
    return {"type": "Chart.Donut", "data": [_slice(one) for one in chart.slices if one.value]}


def _slice(one: Amount) -> Json:
    return {"legend": f"{one.label}: {one.value:.0f}", "value": one.value, "color": _COLOURS[one.tone]}


def _gauge(chart: Gauge) -> Json:
    left = chart.most - chart.value
    return {
        "type": "Chart.Gauge",
        "min": 0,
        "max": chart.most,
        "value": chart.value,
        "valueFormat": "Fraction",
        "segments": [
            {
                "legend": f"{chart.reached}: {chart.value:.0f}",
                "size": chart.value,
                "color": "categoricalBlue",
            },
            {"legend": f"{chart.left}: {left:.0f}", "size": left, "color": "neutral"},
        ],
    }


_NATIVE: Mapping[type[Chart], Callable[[Any], Json]] = {
    LineChart: _line,
    BarChart: _bars,
    Donut: _donut,
    Gauge: _gauge,
}
