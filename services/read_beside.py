"""What a command or a link reads: beside whoever writes, and in the access log before anybody is shown it."""

from collections.abc import Callable
from typing import TypeVar

from storage.engine.database import Database, Transaction
from storage.log import access_log

T = TypeVar("T")
# Each is signed, and that of a whole year may be of every unit.
LOGGED_AT_ONCE = 100


def read_beside(database: Database, work: Callable[[Transaction], T]) -> T:
    """What the work reads of one moment, which nobody who writes waits for; all that it logs is logged by then."""
    with database.reading() as tx:
        found = work(tx)
        unlogged = list(tx.unlogged or ())
    for first in range(0, len(unlogged), LOGGED_AT_ONCE):
        with database.piece() as tx:
            for entry in unlogged[first : first + LOGGED_AT_ONCE]:
                access_log.write(tx, entry)
    return found
