"""A program that goes on after a newer one has migrated the database: it takes and sends nothing, and loses nothing."""

import pytest

from followup import PersonId
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.program_version import OutdatedProgramError
from storage.messages import queueing
from storage.messages.conversations import Address
from tests.support.edge import at_the_edge, unlogged
from tests.support.stage import SAY
from tests.test_delivery import NOTICE, NOW, Office
from tests.test_delivery_accounts import delivering, office
from tests.test_health import all_but, ready

__all__ = ["office"]
NEWER = "9999"


def brought_to(database: Database, version: str) -> None:
    with database.at_any_version() as tx:
        schema.mark(tx.connection, version)


async def test_who_hands_in_is_told_that_it_is_not_saved_and_the_log_says_why_once(
    municipality: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with at_the_edge(municipality, sends=False) as edge:
        assert await ready(edge) == all_but()
        before = edge.rows()
        brought_to(municipality, NEWER)
        for _ in range(2):
            assert (await edge.post(edge.text("Mina uppgifter"))).status == 200
            told = edge.server.sent[-1].body["text"]
            assert told.startswith(SAY("trouble", reference="#").partition("#")[0])
        assert await ready(edge) == all_but("schema", "writer")
        brought_to(municipality, schema.newest())
        assert unlogged(edge.rows()) == unlogged(before)
    told_why = [one.getMessage() for one in caplog.records if one.name == "storage.engine.program_version"]
    assert [NEWER in one for one in told_why] == [True]


async def test_what_was_on_its_way_is_stored_as_sent_and_nothing_more_goes(office: Office) -> None:
    def migrated(tx: Transaction, to: PersonId) -> None:
        queueing.queue(tx, "next", NOTICE, NOW, person_id=to)
        schema.mark(tx.connection, NEWER)

    async with delivering(office, migrated, 201) as (teams, deliverer):
        office.move(Address("a:karin", teams.url))
        number = office.decide()
        for _ in range(2):
            with pytest.raises(OutdatedProgramError):
                await deliverer.drain()
        brought_to(office.database, schema.newest())
        assert (office.row(number).state, office.row(number + 1).state) == ("sent", "ready")
        assert teams.asked == ["/a:karin/activities"]
