"""What one database has and an earlier copy of it lacks, and what was taken away from it since."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Table, select

from storage.engine.database import Transaction
from storage.engine.imported import Imported, with_staged
from storage.engine.tables import delivery, person, report, signal_version
from storage.engine.year_tables import metadata

# What is forgotten by itself, or only counts for as long as something is under way: to lose it is nothing.
PASSING = frozenset(
    {
        *(
            "asking",
            "delivery",
            "handled",
            "import_unit",
            "last_look",
            "left_to_score",
            "link",
            "opened_texts",
            "pace",
            "unit_purge",
            "wake",
        ),
        *("log_tip", "access_log_record", "register_import", "restored"),
        *("uncounted_answer", "uncounted_change"),
    }
)


@dataclass(frozen=True)
class Since:
    """`added` and `removed` are rows by table, `handed_in` and `told` what people did and were told, by name."""

    added: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    handed_in: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)


def since(now: Transaction, copied: Transaction, taken_at: datetime) -> Since:
    """All that the copy does not know of what `now` holds."""
    added: dict[str, int] = {}
    removed: dict[str, int] = {}
    for table in metadata.sorted_tables:
        if table.name not in PASSING:
            here, there = _keys(now, table), _keys(copied, table)
            added[str(table.name)], removed[str(table.name)] = len(here - there), len(there - here)
    return Since(
        {name: number for name, number in added.items() if number},
        {name: number for name, number in removed.items() if number},
        _handed_in(now, copied),
        _told(now, taken_at),
    )


def _keys(tx: Transaction, table: Table) -> set[object]:
    whole = with_staged(table) if isinstance(table, Imported) else table
    return {tuple(row) for row in tx.connection.execute(select(*whole.primary_key.columns))}


def _handed_in(now: Transaction, copied: Transaction) -> Counter[str]:
    """Reports, and signals raised or changed, by who handed them in."""
    found: Counter[str] = Counter()
    for table in (report, signal_version):
        there = _keys(copied, table)
        query = select(table.c.id, person.c.name).join(person, table.c.author_id == person.c.id)
        found.update(row.name for row in now.connection.execute(query) if (row.id,) not in there)
    return found


def _told(now: Transaction, taken_at: datetime) -> Counter[str]:
    query = (
        select(person.c.name)
        .join(delivery, delivery.c.person_id == person.c.id)
        .where(delivery.c.state.in_(("sent", "uncertain")), delivery.c.started_at > taken_at)
    )
    return Counter(now.connection.scalars(query))
