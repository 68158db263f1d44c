"""What went to people that nobody had asked for, as stored, and the lines of docs/presses.md that tell of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from followup import PersonId
from followup.people import Role
from followup.times.calendar import municipal_day
from storage.engine.database import Database
from storage.engine.tables import delivery, person

DOCS = Path(__file__).parent.parent.parent / "docs/presses.md"
# What a press asked for, and a card that changes where it stands.
ASKED_FOR = ("own_alert", "evidence", "signal", "update")
# An event, a child who does not feel safe, a red unit, those that a file of history raised, and what is handed over.
AT_ONCE = ("alert", "history", "handed_over")


@dataclass(frozen=True)
class Unasked:
    """A message by where it stands, however many were told of in it; `at_once` where it waits for no other."""

    person_id: PersonId
    role: Role
    day: date
    message: str
    at_once: bool


def unasked(database: Database) -> set[Unasked]:
    query = select(delivery, person.c.role).join(person, person.c.id == delivery.c.person_id)
    query = query.where(delivery.c.state == "sent", delivery.c.kind.not_in(ASKED_FOR))
    with database.reading() as tx:
        return {
            Unasked(
                row.person_id,
                Role(row.role),
                municipal_day(row.sent_at),
                f"{row.conversation_id} {row.activity_id}",
                row.kind in AT_ONCE,
            )
            for row in tx.connection.execute(query)
        }


def two_in_a_day(went: Iterable[Unasked]) -> list[tuple[PersonId, date]]:
    """Who got more than one on which day, those that wait for no other left out."""
    number = Counter((one.person_id, one.day) for one in went if not one.at_once)
    return [whose for whose, times in number.items() if times > 1]


def lines(went: Iterable[Unasked], people: dict[Role, int]) -> Iterator[str]:
    """Month by month how many each of the role's people got on average, and the most that anybody did."""
    by_month: dict[str, Counter[tuple[Role, PersonId]]] = defaultdict(Counter)
    for one in went:
        by_month[f"{one.day:%Y-%m}"][one.role, one.person_id] += 1
    for month, number in sorted(by_month.items()):
        cells = [_cell([n for (of, _), n in number.items() if of == role], people[role]) for role in people]
        yield f"| {' | '.join([month, *cells])} |"


def _cell(numbers: list[int], people: int) -> str:
    return f"{sum(numbers) / people:.1f} ({max(numbers)})" if numbers else "–"


def assert_docs_say(went: Iterable[Unasked], people: dict[Role, int]) -> None:
    table = "\n".join(lines(went, people))
    assert table in DOCS.read_text(), table
