"""The card of evidence: which of its rows open a signal."""

from dialogs.alerts.evidence_card import MOST_BUTTONS, evidence_card
from dialogs.card import ListRow
from followup.provider import Unit
from followup.risk.bands import BandState, judge
from followup.risk.risk import score
from services.risk.scoring import RiskReading
from services.views.evidence import evidence_in
from tests.support import risk_builders
from tests.support.turns import SAY

UNIT = Unit(1, "E-1", "Norrgården", "hvb", None, "private", 1, "Omsorgen AB")


def rows_of(*numbers: str) -> list[ListRow]:
    inputs = risk_builders.unit(*(risk_builders.item(number) for number in numbers))
    reading = RiskReading(inputs, score(inputs), judge(inputs, "green"), BandState())
    return [
        part for part in evidence_card(evidence_in(UNIT, reading), SAY, 1).parts if isinstance(part, ListRow)
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
