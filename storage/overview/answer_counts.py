"""What is kept of how many reports are asked for and in: added up, and on PostgreSQL beside it what is yet to be."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select, text, union_all

from storage.engine.database import Transaction
from storage.engine.standing_tables import answer_count, uncounted_answer
from storage.engine.tables import register_import

_KEY = "round_id, owner_id, substitute_id, followed, import_id"
# Of those that are committed; what is counted meanwhile is added the next time.
_ADD_UP = text(
    f"with added as (delete from uncounted_answer returning {_KEY}, asked, answered)"
    f" insert into answer_count ({_KEY}, asked, answered) select {_KEY}, sum(asked), sum(answered)"
    f" from added group by {_KEY} having sum(asked) <> 0 or sum(answered) <> 0 order by {_KEY}"
    f" on conflict ({_KEY}) do update set asked = answer_count.asked + excluded.asked,"
    " answered = answer_count.answered + excluded.answered"
)
_COLUMNS = [column.name for column in answer_count.columns]
# Of all that is kept, by the name of the database.
Asked = Mapping[str, Select[Any]]


def valid(kept: FromClause) -> ColumnElement[bool]:
    """What an import puts in is counted by nobody before it is valid."""
    staging = select(register_import.c.id).where(register_import.c.state == "staging")
    return kept.c.import_id.not_in(staging)


def sums(kept: FromClause) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.sum(kept.c.asked).label("asked"), func.sum(kept.c.answered).label("answered")


def of_kept(ask: Callable[[FromClause], Select[Any]]) -> Asked:
    """SQLite has one writer, and nothing that is yet to be added up."""
    tables = (select(*(table.c[name] for name in _COLUMNS)) for table in (answer_count, uncounted_answer))
    return {"sqlite": ask(answer_count), "postgresql": ask(union_all(*tables).subquery("kept"))}


def add_up(tx: Transaction) -> None:
    """Asked by the clock alone: two who did at once would wait for each other."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(_ADD_UP)
