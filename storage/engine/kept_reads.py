"""What was read of the register beside the writer, kept in memory for as long as nothing in the register is another.

The database counts each change of it in the transaction that makes it (`change_count`), so that whoever reads one
moment knows by one row whether what was read at an earlier one is still so. One who writes may undo what has been
counted, and reads anew.
"""

from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass, field
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select, union_all

from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import change_count, uncounted_change

_T = TypeVar("_T")
_counts = union_all(
    *(select(one.c.number).where(one.c.topic == "register") for one in (change_count, uncounted_change))
).subquery()
_CHANGES = Prepared(select(func.coalesce(func.sum(_counts.c.number), 0).label("number")))


@dataclass(frozen=True)
class _Kept:
    changes: int
    values: dict[Hashable, object] = field(default_factory=dict)


_KEPT: MutableMapping[Engine, _Kept] = WeakKeyDictionary()


def of_register(tx: Transaction, what: Hashable, read: Callable[[], _T]) -> _T:
    """What `read` gives of the register alone, which `what` names."""
    if tx.unlogged is None:
        return read()
    changes = int(_CHANGES.first(tx.connection, {}).number)
    kept = _KEPT.get(tx.connection.engine)
    if kept is None or kept.changes != changes:
        kept = _KEPT[tx.connection.engine] = _Kept(changes)
    if what not in kept.values:
        kept.values[what] = read()
    return cast(_T, kept.values[what])
