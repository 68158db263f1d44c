"""The recommendations of each year's report, in versions: what was written before stays."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from followup import PersonId
from followup.figures.recommendations import Recommendations
from storage.engine.database import Transaction
from storage.engine.tables import person
from storage.engine.year_tables import recommendations

_OF_YEAR = (
    select(recommendations, person.c.name)
    .join(person, person.c.id == recommendations.c.author_id)
    .where(recommendations.c.year == bindparam("year"))
    .order_by(recommendations.c.version)
)


def of_year(tx: Transaction, year: int) -> list[Recommendations]:
    """The newest last."""
    return [
        Recommendations(row.year, row.version, tx.vault.open(row.text), row.name, row.recorded_at)
        for row in tx.connection.execute(_OF_YEAR, {"year": year})
    ]


def add(tx: Transaction, year: int, version: int, text: str, author_id: PersonId, now: datetime) -> None:
    """A second one with the version is refused by the database."""
    tx.connection.execute(
        insert(recommendations).values(
            year=year, version=version, text=tx.vault.seal(text), author_id=author_id, recorded_at=now
        )
    )
