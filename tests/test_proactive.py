"""What is said unasked is what is true at the moment of sending."""

from datetime import date

import pytest

from dialogs.messages.message_replies import say_now
from followup.messages.follow_ups import DateNear
from storage.engine.database import Database
from storage.messages import queueing
from storage.register import people
from tests.support.builders import at, claim_one
from texts.catalogue import Texts

SAY = Texts("sv")
SUNDAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("read_on", "words"),
    [
        ("2026-03-01 09:00", SAY("selection.today")),
        ("2026-03-02 09:00", SAY("selection.was", day=SUNDAY)),
    ],
)
def test_a_date_that_has_passed_is_not_called_today(municipality: Database, read_on: str, words: str) -> None:
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        queueing.queue(tx, "selection:test", DateNear("proposal", SUNDAY), at(read_on), person_id=karin.id)
        waiting = claim_one(tx, "test", at(read_on))
        assert waiting is not None
        card = say_now(tx, waiting, at(read_on))
    assert card is not None
    assert words in [getattr(part, "text", "") for part in card.parts]
