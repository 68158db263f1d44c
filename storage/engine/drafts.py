"""What somebody is writing in a form and has not handed in: hers alone, sealed, and counted for nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import orjson
from sqlalchemy import Column, Table, bindparam, delete, select, update

from followup import PersonId
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new

About = TypeVar("About", bound=int)


@dataclass(frozen=True)
class Draft:
    """What stands in each field; `version` is that of what it was typed over, `drawing` whose form it was kept from."""

    typed: dict[str, str]
    version: int
    saved_at: datetime
    drawing: str = ""


class Drafts(Generic[About]):
    """A table of them, one for each thing that is written about and who writes; forgotten when it is `kept` so long."""

    def __init__(self, table: Table, about: Column[Any], kept: timedelta) -> None:
        self._table, self._about, self._kept = table, about, kept
        own = (about == bindparam("of_thing"), table.c.person_id == bindparam("of_person"))
        self._get = select(table).where(*own)
        self._change = (
            update(table)
            .where(*own)
            .values(
                typed=bindparam("new_typed"),
                version=bindparam("over"),
                saved_at=bindparam("now", type_=Instant),
                drawing=bindparam("kept_from"),
            )
        )
        self._delete = delete(table).where(*own)
        self._saved = select(about).where(table.c.person_id == bindparam("of_person"))
        old = (
            select(table.c.id)
            .where(table.c.saved_at < bindparam("before", type_=Instant))
            .order_by(table.c.saved_at)
            .limit(bindparam("most"))
        )
        self._forget = delete(table).where(table.c.id.in_(old))

    def of(self, tx: Transaction, about: About, person_id: PersonId) -> Draft | None:
        row = tx.connection.execute(self._get, _key(about, person_id)).one_or_none()
        if row is None:
            return None
        typed = dict(orjson.loads(tx.vault.open(row.typed)))
        return Draft(typed, row.version, row.saved_at, row.drawing)

    def about(self, tx: Transaction, person_id: PersonId) -> frozenset[About]:
        """What the person has a draft of."""
        return frozenset(tx.connection.scalars(self._saved, {"of_person": person_id}))

    def save(self, tx: Transaction, about: About, person_id: PersonId, draft: Draft) -> None:
        """The newest stands in the place of the one before."""
        typed = tx.vault.seal(orjson.dumps(draft.typed).decode())
        values: dict[str, Any] = {
            "version": draft.version,
            "saved_at": draft.saved_at,
            "drawing": draft.drawing,
        }
        if insert_new(
            tx, self._table, **{self._about.name: about}, person_id=person_id, typed=typed, **values
        ):
            return
        changed = {
            "new_typed": typed,
            "over": draft.version,
            "now": draft.saved_at,
            "kept_from": draft.drawing,
        }
        tx.connection.execute(self._change, {**_key(about, person_id), **changed})

    def forget(self, tx: Transaction, about: About, person_id: PersonId) -> None:
        tx.connection.execute(self._delete, _key(about, person_id))

    def forget_old(self, tx: Transaction, now: datetime, most: int) -> int:
        """Deletes so many that nobody has written in for long, and says how many."""
        return tx.connection.execute(self._forget, {"before": now - self._kept, "most": most}).rowcount


def _key(about: int, person_id: PersonId) -> dict[str, int]:
    return {"of_thing": about, "of_person": person_id}
