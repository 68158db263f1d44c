"""The clocks that hold, the municipality's own among them, and what its own terms correspond to."""

from collections.abc import Mapping

from sqlalchemy import select

from followup.clocks.clock import LawClock
from followup.clocks.rows import OwnClock, with_own_clocks
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import clock_term, term

_COLUMNS = [column for column in clock_term.c if column.name not in ("id", "import_id")]
_OWN = Prepared(select(*_COLUMNS).order_by(clock_term.c.code))
_CORRESPONDING = Prepared(
    select(term.c.kind, term.c.code, term.c.corresponds).where(term.c.corresponds.is_not(None))
)


def own_clocks(tx: Transaction) -> list[OwnClock]:
    """What the municipality's own file has said."""
    return [OwnClock(**row._asdict()) for row in _OWN.all(tx.connection, {})]


def clocks(tx: Transaction) -> tuple[LawClock, ...]:
    return with_own_clocks(own_clocks(tx))


def corresponding(tx: Transaction) -> Mapping[tuple[str, str], str]:
    """By kind and code of the municipality's own terms: the built-in one whose clocks stand in it too."""
    return {(kind, code): like for kind, code, like in _CORRESPONDING.all(tx.connection, {})}
