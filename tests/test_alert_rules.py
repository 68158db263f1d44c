"""In whose hands an alert is, and when it has waited too long for somebody to take it."""

from dataclasses import replace

import pytest

from followup import AlertId, PersonId, UnitId
from followup.alerts.alert import Alert
from followup.people import Conversation, Person, Role, may
from tests.support.builders import at

KARIN, GONE, MARIA = map(PersonId, (1, 2, 3))
TAKEN = Alert(
    id=AlertId(7),
    unit_id=UnitId(3),
    kind="band",
    episode="e",
    score_id=1,
    signal_id=None,
    task_id=None,
    import_id=None,
    band_before="green",
    band_after="red",
    raised_at=at("2026-11-06 16:00"),
    owner_id=KARIN,
    taken_at=at("2026-11-09"),
    closed_by=None,
    closed_at=None,
    close_reason=None,
    method="risk-2",
)
PEOPLE = {
    id_: Person(id_, key, key, role, None, None, "sv", active=active)
    for id_, key, role, active in (
        (KARIN, "karin", Role.QUALITY, True),
        (GONE, "gone", Role.QUALITY, False),
        (MARIA, "maria", Role.MANAGER, True),
    )
}


def test_an_open_alert_whose_owner_no_longer_handles_alerts_waits_again() -> None:
    handlers = {id_ for id_, one in PEOPLE.items() if may(one, Conversation.ALERT_DESK)}
    assert handlers == {KARIN}
    assert TAKEN.in_hand(handlers) == TAKEN
    left = replace(TAKEN, owner_id=GONE)
    assert left.in_hand(handlers) == replace(left, owner_id=None, taken_at=None)


def test_a_closed_alert_keeps_whoever_had_it() -> None:
    closed = replace(TAKEN, owner_id=GONE, closed_by=GONE, closed_at=at("2026-11-10"), close_reason="x")
    assert closed.in_hand(frozenset({KARIN})) == closed


@pytest.mark.parametrize(
    ("now", "overdue"), [("2026-11-10 23:59", False), ("2026-11-11 00:01", True), ("2026-11-09", False)]
)
def test_an_alert_of_a_friday_waits_until_the_end_of_tuesday(now: str, overdue: bool) -> None:
    waiting = replace(TAKEN, owner_id=None, taken_at=None)
    assert waiting.is_overdue(at(now)) == overdue
    assert not TAKEN.is_overdue(at(now))
