"""The card of evidence: which of its rows open a signal, and what stands beside what counts."""

import pytest

from dialogs.alerts.evidence_card import PAGE, evidence_card, items_shown, pages
from dialogs.card import Card, ListRow
from followup import AlertId, UnitId
from followup.provider import Unit
from followup.risk.bands import BandState, judge
from followup.risk.inputs import Item
from followup.risk.risk import score
from services.risk.scoring import RiskReading
from services.views.evidence import evidence_in
from tests.support import risk_builders
from tests.support.turns import SAY, readable_card

UNIT = Unit(UnitId(1), "E-1", "Norrgården", "hvb", None, "private", 1, "Omsorgen AB")


def rows_of(*numbers: str) -> list[ListRow]:
    inputs = risk_builders.unit(*(risk_builders.item(number) for number in numbers))
    reading = RiskReading(inputs, score(inputs), judge(inputs, "green"), BandState())
    return [
        part
        for part in evidence_card(evidence_in(UNIT, reading), SAY, AlertId(1)).parts
        if isinstance(part, ListRow)
    ]


def test_a_signals_row_opens_the_signal_and_a_reports_row_what_it_says() -> None:
    rows = rows_of("R-7", "A-4")
    assert [row.button and (row.button.verb, row.button.data) for row in rows] == [
        ("show_signal", {"signal": 4, "alert": 1}),
        ("show_report_row", {"item": "R-7", "alert": 1}),
    ]


def concerns(*numbers: str) -> list[Item]:
    """Not about the care, one a month, the last one given in December."""
    return [
        risk_builders.item(
            number, f"2026-{12 - at:02}-28", "0", kind="concern", placement=1, zero_because="not_care"
        )
        for at, number in enumerate(reversed(numbers))
    ]


def card_of(*items: Item) -> Card:
    inputs = risk_builders.unit(*items)
    reading = RiskReading(inputs, score(inputs), judge(inputs, "green"), BandState())
    return evidence_card(evidence_in(UNIT, reading, PAGE), SAY, AlertId(1))


def test_a_concern_that_is_not_about_the_care_stands_beside_what_counts_and_says_that_it_gives_no_points() -> (
    None
):
    card = card_of(risk_builders.item("A-4"), *concerns("R-7"))
    said = readable_card(card)
    heading = said.index(SAY("evidence.beside"))
    assert said.index("A-4") < heading < said.index(SAY("evidence.beside.about")) < said.index("R-7")
    assert "oro som inte gäller vården i boendet, december: 0 poäng, gäller inte vården" in said
    [row] = [part for part in card.parts if isinstance(part, ListRow) and part.title == "R-7"]
    assert row.button is not None
    assert row.button.data == {"item": "R-7", "alert": 1}


def test_beside_says_nothing_where_there_is_nothing_and_is_no_evidence_that_raises_the_ratio() -> None:
    assert SAY("evidence.beside") not in readable_card(card_of(risk_builders.item("A-4")))
    assert SAY("evidence.none") in readable_card(card_of(*concerns("R-7")))


def test_its_head_says_why_fewer_count_than_are_known_and_is_silent_where_all_count() -> None:
    same = (risk_builders.item(number, event="A-1") for number in ("A-1", "A-2"))
    card = card_of(*same, risk_builders.item("A-3"), *concerns("R-7"))
    said = readable_card(card)
    linked = "3 avvikelser i allt, 2 räknas: 1 har länkats till en annan rapport om samma händelse."
    beside = "1 uppgift om oro i allt, 0 räknas: 1 gäller inte vården."
    assert said.index(linked) < said.index(beside) < said.index(SAY("evidence.rows"))
    assert " i allt, " not in readable_card(card_of(risk_builders.item("A-3"), risk_builders.item("A-4")))


@pytest.mark.parametrize(
    ("counting", "beside"), [(0, 0), (1, 0), (0, 12), (20, 0), (21, 0), (19, 3), (20, 3), (45, 12)]
)
def test_its_pages_show_every_row_once_to_the_end_and_each_can_be_opened(counting: int, beside: int) -> None:
    inputs = risk_builders.unit(
        *(risk_builders.item(f"A-{at}") for at in range(1, counting + 1)),
        *concerns(*(f"R-{at}" for at in range(1, beside + 1))),
    )
    reading = RiskReading(inputs, score(inputs), judge(inputs, "green"), BandState())
    shown, start = list[str](), 0
    while True:
        view = evidence_in(UNIT, reading, PAGE, start)
        card = evidence_card(view, SAY, AlertId(1))
        rows = [part for part in card.parts if isinstance(part, ListRow)]
        assert all(row.button for row in rows)
        shown += [row.title for row in rows]
        assert (SAY("evidence.none") in readable_card(card)) is (not counting)
        onwards = [one for one in pages(view, AlertId(1), SAY) if "start" in one.data]
        if not onwards:
            break
        assert len(rows) == PAGE
        start = int(str(onwards[0].data["start"]))
    assert len(shown) == len(set(shown)) == counting + beside
    assert shown == items_shown(reading)


def test_a_page_that_is_no_longer_there_is_the_first() -> None:
    inputs = risk_builders.unit(risk_builders.item("A-4"))
    reading = RiskReading(inputs, score(inputs), judge(inputs, "green"), BandState())
    assert evidence_in(UNIT, reading, PAGE, 40) == evidence_in(UNIT, reading, PAGE)
