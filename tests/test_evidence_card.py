"""The card of evidence: which of its rows open a signal."""

from dialogs.alerts.evidence_card import MOST_BUTTONS, evidence_card
from dialogs.card import Item
from followup.provider import Unit
from followup.risk.bands import BandState, judge
from followup.risk.risk import score
from services.risk.scoring import Reading
from services.views.evidence import evidence_in
from tests.support import risk_builders
from tests.support.turns import SAY

UNIT = Unit(1, "E-1", "Norrgården", "hvb", None, "private", 1, "Omsorgen AB")


def rows_of(*numbers: str) -> list[Item]:
    inputs = risk_builders.unit(*(risk_builders.item(number) for number in numbers))
    reading = Reading(inputs, score(inputs), judge(inputs, "green"), BandState())
    return [
        part for part in evidence_card(evidence_in(UNIT, reading), SAY, 1).parts if isinstance(part, Item)
    ]


def test_reports_among_the_rows_take_no_signals_button() -> None:
    reports, signals = [f"R-{n}" for n in range(5)], [f"A-{n}" for n in range(MOST_BUTTONS)]
    rows = rows_of(*reports, *signals)
    assert [row.title for row in rows if row.button is None] == reports


def test_more_signals_than_a_card_can_open_stand_without_a_button() -> None:
    rows = rows_of(*(f"A-{n}" for n in range(MOST_BUTTONS + 3)))
    assert sum(row.button is not None for row in rows) == MOST_BUTTONS
    assert len(rows) == MOST_BUTTONS + 3
