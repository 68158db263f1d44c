"""What the numbers in a child's rows stand for: people, units, months, and the words of the municipality's codes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from followup.terms import BUILT_IN
from storage.engine.database import Transaction
from storage.engine.tables import clock_term, person, report_task, round_, term, unit


@dataclass(frozen=True)
class Names:
    """`units` with the code of their form, `months` by task, `words` by kind and code, `clocks` those of its own."""

    people: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    months: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)


def names(tx: Transaction, people: Collection[int], units: Collection[int], tasks: Collection[int]) -> Names:
    read = tx.connection.execute
    months = (
        select(report_task.c.id, round_.c.month)
        .join(round_, round_.c.id == report_task.c.round_id)
        .where(report_task.c.id.in_(tasks))
    )
    words = {(kind, code): one.word for kind, terms in BUILT_IN.items() for code, one in terms.items()}
    own = {(row.kind, row.code): row.word for row in read(select(term.c.kind, term.c.code, term.c.word))}
    return Names(
        {row.id: row.name for row in read(select(person.c.id, person.c.name).where(person.c.id.in_(people)))},
        {
            row.id: (row.name, row.form)
            for row in read(select(unit.c.id, unit.c.name, unit.c.form).where(unit.c.id.in_(units)))
        },
        {row.id: str(row.month) for row in read(months)},
        words | own,
        {row.code: row.word for row in read(select(clock_term.c.code, clock_term.c.word))},
    )
