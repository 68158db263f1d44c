"""What a link to a selection's protocol leads to: made when it is fetched, as the selection then stands."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.links import File, Maker
from documents.selection.selection_protocol import SelectionProtocol, protocol_of
from followup.selection.cycle import SelectionRefusedError
from services.read_beside import read_beside
from services.selection.selection_state import state_of
from storage.engine.database import Database, Transaction
from storage.selection import selections
from texts.catalogue import Texts


def protocol_file(database: Database, clock: Callable[[], datetime]) -> Maker:
    """The subject names the selection, which of its files, and who asked."""

    def made(subject: Mapping[str, Any]) -> File:
        # Word processing takes most of a second to load, and most turns draw nothing.
        from documents.selection.selection_files import selection_file

        # The protocol is the municipality's, in Swedish whatever the language of who fetches it.
        say, now = Texts("sv"), clock()
        try:
            protocol = read_beside(database, lambda tx: _protocol(tx, subject, now))
        except SelectionRefusedError as refused:
            return File("\n".join(say.say(problem) for problem in refused.problems).encode(), "text/plain")
        file = selection_file(protocol, subject["file"], say.say, now)
        return File(file.content, file.content_type, file.name)

    return made


def _protocol(tx: Transaction, subject: Mapping[str, Any], now: datetime) -> SelectionProtocol:
    cycle = selections.get(tx, subject["cycle"])
    assert cycle is not None
    return protocol_of(tx, state_of(tx, cycle), now, person_id=subject["person"])
