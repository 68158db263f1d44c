"""Charts: what Teams draws itself, what the others show instead, and the picture that can be read in grey."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import matplotlib.image
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import draw
from bot.local.terminal import draw as in_terminal
from dialogs.card import Card
from documents.plots import FILLS, png
from followup.risk.chart import (
    Amount,
    BarChart,
    Chart,
    Donut,
    Gauge,
    LineChart,
    Point,
    as_json,
    of_json,
    runs,
)
from tests.support.turns import Json, readable

INDEXES = (None, 12.0, 15.0, None, None, 40.0)
POINTS = tuple(Point(f"2026-0{n}-28", f"m{n} 26", value) for n, value in enumerate(INDEXES, 1))
BANDS = (
    Amount("▲ Röd", 2, "red"),
    Amount("◆ Gul", 3, "yellow"),
    Amount("● Grön", 9, "green"),
    Amount("○ Otillräckligt", 1, "insufficient"),
)
LINE = LineChart("Index", "–, 12, 15, –, –, 40.", "Index", POINTS, 100, "Larmgräns 100")
CHARTS: dict[str, Chart] = {
    "Chart.Line": LINE,
    "Chart.VerticalBar": BarChart("Svar", "okt 85.", "Procent", (Amount("okt 26", 85),), 100),
    "Chart.Donut": Donut("Nivåer", "Röd 2, gul 3.", BANDS),
    "Chart.Gauge": Gauge("Inne", "39 av 46.", 39, 46, "Inne", "Saknas"),
}
everyone = pytest.mark.parametrize("kind", CHARTS)


def drawn(chart: Chart, picture: str | None = None) -> Json:
    [element] = draw(Card("Läge", (chart,)), "n", pictures=lambda _: picture)["body"]
    found: Json = element
    return found


@everyone
def test_teams_is_given_its_own_chart(kind: str) -> None:
    assert drawn(CHARTS[kind])["type"] == kind


@everyone
def test_a_client_that_lacks_it_shows_the_picture_with_a_name_and_the_figures_in_words(kind: str) -> None:
    chart = CHARTS[kind]
    fallback = drawn(chart, "https://bot.example/links/x")["fallback"]
    [image] = [one for one in fallback["items"] if one["type"] == "Image"]
    assert (image["url"], image["altText"]) == (
        "https://bot.example/links/x",
        f"{chart.title}. {chart.sentence}",
    )
    assert chart.sentence in [one.get("text") for one in fallback["items"]]


@everyone
def test_without_a_link_the_figures_stand_in_words_alone(kind: str) -> None:
    fallback = drawn(CHARTS[kind])["fallback"]
    assert {one["type"] for one in fallback["items"]} == {"TextBlock"}
    assert CHARTS[kind].sentence in readable(fallback)


@everyone
def test_the_terminal_reads_the_chart_out(kind: str) -> None:
    card = draw(Card("Läge", (CHARTS[kind],)), "n", pictures=lambda _: "https://bot.example/links/x")
    said = in_terminal(card)
    assert CHARTS[kind].sentence in said
    assert said.count(CHARTS[kind].title) == 1


def test_what_is_missing_is_a_gap_and_not_a_line_across_it() -> None:
    rows = drawn(CHARTS["Chart.Line"])["data"]
    assert [[value["y"] for value in row["values"]] for row in rows] == [[12, 15], [40], [100, 100]]
    assert [row["legend"] for row in rows] == ["Index", "Index", "Larmgräns 100"]


EXPECTED = replace(
    LINE,
    points=tuple(
        replace(one, low=None if one.value is None else 4.0, high=None if one.value is None else 30.0)
        for one in POINTS
    ),
    expected_label="Slumpen ensam",
)


def test_what_chance_alone_gives_has_two_edges_under_its_own_name() -> None:
    rows = drawn(EXPECTED)["data"]
    edges = [[value["y"] for value in row["values"]] for row in rows if row["legend"] == "Slumpen ensam"]
    assert edges == [[4, 4], [4], [30, 30], [30]]
    assert of_json(as_json(EXPECTED)) == EXPECTED


def test_what_chance_alone_gives_is_seen_in_the_picture_and_not_only_in_colour() -> None:
    plain, field = pixels(CHARTS["Chart.Line"])[..., :3], pixels(EXPECTED)[..., :3]
    between = slice(int(field.shape[0] * 0.6), int(field.shape[0] * 0.8))

    def shades(picture: "numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float32]]") -> int:
        return len(numpy.unique(picture[between].mean(axis=2).round(1)))

    assert (field[between] < 0.95).mean() > (plain[between] < 0.95).mean() + 0.1
    assert shades(field) >= shades(plain)


def test_a_chart_stored_before_there_was_a_field_is_still_read() -> None:
    stored = as_json(CHARTS["Chart.Line"])
    del stored["expected_label"]
    stored["points"] = [{name: one[name] for name in ("day", "label", "value")} for one in stored["points"]]
    assert of_json(stored) == CHARTS["Chart.Line"]


def test_legends_say_the_figures_so_that_colour_is_not_the_only_sign() -> None:
    assert [one["legend"] for one in drawn(CHARTS["Chart.Donut"])["data"]] == [
        "▲ Röd: 2",
        "◆ Gul: 3",
        "● Grön: 9",
        "○ Otillräckligt: 1",
    ]
    assert [one["legend"] for one in drawn(CHARTS["Chart.Gauge"])["segments"]] == ["Inne: 39", "Saknas: 7"]


@everyone
def test_a_chart_is_kept_as_json_and_read_back_the_same(kind: str) -> None:
    assert of_json(as_json(CHARTS[kind])) == CHARTS[kind]


@given(st.lists(st.none() | st.integers(0, 200).map(float), max_size=24))
def test_the_stretches_between_gaps_hold_every_value_once_and_in_order(values: list[float | None]) -> None:
    points = tuple(Point(str(place), "", value) for place, value in enumerate(values))
    stretches = runs(points)
    there = [(point.day, point.value) for point in points if point.value is not None]
    assert [one for stretch in stretches for one in stretch] == there
    assert all(
        [int(day) for day, _ in stretch] == list(range(int(stretch[0][0]), int(stretch[-1][0]) + 1))
        for stretch in stretches
    )


def pixels(chart: Chart) -> "numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float32]]":
    return numpy.asarray(matplotlib.image.imread(BytesIO(png(chart)), format="png"), dtype=numpy.float32)


@everyone
def test_a_picture_is_drawn_on_white_and_is_not_empty(kind: str) -> None:
    picture = pixels(CHARTS[kind])[..., :3]
    assert picture.shape[1] == 960
    assert (picture[0, 0] == 1).all()
    assert (picture < 0.5).any()


def test_the_bands_differ_in_grey_and_in_pattern() -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255

    shades = sorted(grey(FILLS[tone].colour) for tone in ("red", "yellow", "green", "insufficient"))
    assert all(lighter - darker > 0.1 for darker, lighter in pairwise(shades))
    assert len({FILLS[tone].hatch for tone in ("red", "yellow", "green", "insufficient")}) == 4


@pytest.mark.parametrize(
    "chart",
    [
        LineChart("Index", "Inget.", "Index", (Point("2026-10-31", "okt 26", None),), 100, "Larmgräns 100"),
        BarChart("Svar", "Inget.", "Procent", (), 100),
        Donut("Nivåer", "Inget.", ()),
        Gauge("Inne", "0 av 0.", 0, 0, "Inne", "Saknas"),
    ],
)
def test_a_chart_of_nothing_can_still_be_drawn(chart: Chart) -> None:
    assert png(chart).startswith(b"\x89PNG")
