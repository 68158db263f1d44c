"""What was written about a unit and no child, where it yet names one: in which signal, alert or follow-up.

Only by whole references and the children's own words for them, never by parts of a word: it is no search in texts.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, literal, select

from followup.signals.signal import NUMBER_LETTER
from storage.engine.columns import Sealed
from storage.engine.database import Transaction
from storage.engine.tables import (
    alert,
    alert_decision,
    alert_note,
    placement,
    signal,
    signal_step,
    signal_version,
)
from storage.engine.year_tables import action, action_version, follow_up_draft, follow_up_version

# Children by their references, and the words that each is named by.
Words = Mapping[str, Collection[str]]
_OF_NO_CHILD = signal.c.placement_id.is_(None) & signal.c.task_id.is_(None)
_OF_UNIT = alert.c.kind.in_(("band", "silence"))
_first = signal_version.alias("first")
_KIND = (
    select(_first.c.kind)
    .where(_first.c.signal_id == signal.c.id, _first.c.version == 1)
    .correlate(signal)
    .scalar_subquery()
)


@dataclass(frozen=True)
class _Written:
    """`query` has a row's number, its kind where the number needs one, and then the texts."""

    query: Select[Any]
    number: Callable[[int, str], str]


def _texts(table: Table) -> Iterator[ColumnElement[bytes]]:
    return (column for column in table.columns if isinstance(column.type, Sealed))


def _written() -> Iterator[_Written]:
    none = literal("")
    for table in (follow_up_version, follow_up_draft):
        yield _Written(select(table.c.follow_up_id, none, *_texts(table)), _follow_up)
    of_action = select(action.c.follow_up_id, none, *_texts(action_version)).select_from(
        action.join(action_version, action_version.c.action_id == action.c.id)
    )
    yield _Written(of_action, _follow_up)
    for table in (signal_version, signal_step):
        of_signal = select(signal.c.id, _KIND, *_texts(table)).join(table, table.c.signal_id == signal.c.id)
        yield _Written(of_signal.where(_OF_NO_CHILD), lambda id_, kind: f"{NUMBER_LETTER[kind]}-{id_}")
    yield _Written(select(alert.c.id, none, *_texts(alert)).where(_OF_UNIT), _alert)
    for table in (alert_note, alert_decision):
        of_alert = select(alert.c.id, none, *_texts(table)).join(table, table.c.alert_id == alert.c.id)
        yield _Written(of_alert.where(_OF_UNIT), _alert)


def _follow_up(id_: int, _kind: str) -> str:
    return f"UF-{id_}"


def _alert(id_: int, _kind: str) -> str:
    return f"L-{id_}"


def words_for(tx: Transaction, references: Collection[str]) -> Words:
    """Of those that are still held: the reference, and the municipality's own words for the child."""
    found: dict[str, set[str]] = {one: {one} for one in references}
    query = select(placement.c.case_reference, placement.c.alias)
    for row in tx.connection.execute(query.where(placement.c.case_reference.in_(references))):
        if row.alias is not None and (alias := tx.vault.open_if_known(row.alias)):
            found[row.case_reference].add(alias)
    return found


def naming(tx: Transaction, words: Words) -> dict[str, list[str]]:
    """By child, the numbers of what has one of its words in any version, or has what no key opens."""
    found: dict[str, set[str]] = {one: set() for one in words}
    patterns = {one: whole_words(some) for one, some in words.items() if some}
    for written in _written() if patterns else ():
        for id_, kind, *sealed in tx.connection.execute(written.query):
            said = [tx.vault.open_if_known(one) for one in sealed if one]
            for child in _named(said, patterns):
                found[child].add(written.number(id_, kind))
    return {one: sorted(numbers) for one, numbers in found.items()}


def _named(said: Collection[str | None], patterns: Mapping[str, re.Pattern[str]]) -> Iterable[str]:
    if None in said:
        return patterns
    return [one for one, whole in patterns.items() if any(whole.search(text or "") for text in said)]


def whole_words(words: Collection[str]) -> re.Pattern[str]:
    """Finds any of them where it stands by itself, in the genitive or before a hyphen: BU-10 does not say BU-1."""
    any_of = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{any_of})s?(?!\w|-\w*\d)", re.IGNORECASE)
