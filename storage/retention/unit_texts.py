"""What was written about a unit and not about a child, where it yet names one: which follow-up it stands in."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, select

from followup import FollowUpId
from storage.engine.columns import Sealed
from storage.engine.database import Transaction
from storage.engine.year_tables import action, action_version, follow_up_draft, follow_up_version

_WRITTEN = tuple(
    select(
        table.c.follow_up_id.label("of"), *(one for one in versions.columns if isinstance(one.type, Sealed))
    ).select_from(source)
    for table, versions, source in (
        (follow_up_version, follow_up_version, follow_up_version),
        (follow_up_draft, follow_up_draft, follow_up_draft),
        (action, action_version, action.join(action_version, action_version.c.action_id == action.c.id)),
    )
)


def follow_ups_naming(tx: Transaction, words: Collection[str]) -> list[FollowUpId]:
    """Those with one of the words in any version, a draft or an action of theirs, or with what no key opens."""
    if not words:
        return []
    return sorted({one for query in _WRITTEN for one in _naming(tx, query, words)})


def _naming(tx: Transaction, query: Select[Any], words: Collection[str]) -> Iterator[FollowUpId]:
    for of, *texts in tx.connection.execute(query):
        for sealed in filter(None, texts):
            said = tx.vault.open_if_known(sealed)
            if said is None or any(one.casefold() in said.casefold() for one in words):
                yield of
