"""The card of evidence: which of its rows open a signal, and what stands beside what counts."""

from dialogs.alerts.evidence_card import MOST_BUTTONS, MOST_ROWS, evidence_card
from dialogs.card import Card, ListRow
from followup import AlertId, UnitId
from followup.provider import Unit
from followup.risk.bands import BandState, judge
from followup.risk.inputs import Item
from followup.risk.risk import score
from services.risk.scoring import RiskReading
from services.views.evidence import MOST_BESIDE, evidence_in
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


def test_more_signals_than_a_card_can_open_stand_without_a_button() -> None:
    rows = rows_of(*(f"A-{n}" for n in range(MOST_BUTTONS + 3)))
    assert sum(row.button is not None for row in rows) == MOST_BUTTONS
    assert len(rows) == MOST_BUTTONS + 3


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
    return evidence_card(evidence_in(UNIT, reading, MOST_ROWS), SAY, AlertId(1))


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


def test_of_many_concerns_beside_the_newest_are_shown_and_the_rest_counted() -> None:
    numbers = [f"R-{at}" for at in range(1, MOST_BESIDE + 4)]
    card = card_of(*concerns(*numbers))
    shown = [part.title for part in card.parts if isinstance(part, ListRow)]
    assert shown == numbers[: -MOST_BESIDE - 1 : -1]
    assert SAY("evidence.more", n=3) in readable_card(card)
