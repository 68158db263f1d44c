"""What is overdue of contacts and of plans' reviews: by team for a manager, and for one unit beside its evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup import PlacementId, UnitId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Matter
from followup.month.contacts import Care, overdue_contacts, overdue_reviews
from followup.times.month import Month
from services.acting import Acting, Reader
from services.own_people import OwnPeople
from services.unit_sight import sight_of
from storage.month import care
from storage.month.newest_answers import AnswersUntil
from storage.register import placements


@dataclass(frozen=True)
class OverdueCare:
    """Of the open placements, how many have each contact overdue, and how many a plan whose review has passed.

    `team` is empty for the placements of people without one, and of nobody.
    """

    placements: int
    contacts: Mapping[str, int]
    reviews: int
    team: str = ""

    @property
    def nothing(self) -> bool:
        return not self.reviews and not any(self.contacts.values())


def of_own_teams(acting: Acting) -> Sequence[OverdueCare]:
    """Counts of the manager's own people's placements, by team; none for those who have no people."""
    if acting.reach(DataKind.MISSING) != Reach.OWN_PEOPLE:
        return ()
    own = OwnPeople(acting, DataKind.MISSING)
    team_of = {one.id: own.team_of(one.owner_id) for one in own.open_placements}
    known = _known(acting, team_of, acting.answers_lately)
    teams = sorted(set(team_of.values()))
    return tuple(
        _counted(acting, [one for one in known if team_of[one.placement_id] == team], team) for team in teams
    )


def of_unit(reader: Reader, unit_id: UnitId) -> OverdueCare | None:
    """None where it would tell of a child, or is not for the reader."""
    sight = sight_of(reader.tx, unit_id, reader.audience, reader.now)
    if reader.channel or reader.reach(DataKind.UNIT) != Reach.ALL or not sight.whole(Matter.ANSWERS):
        return None
    return _counted(reader, _known(reader, placements.open_ids(reader.tx, unit_id, reader.today)))


def _known(
    reader: Reader, placement_ids: Iterable[PlacementId], answers: AnswersUntil | None = None
) -> list[Care]:
    """What came before the longest time allowed is overdue all the same."""
    first: date = reader.today - timedelta(days=reader.municipality.contact_days.longest)
    return care.known_last(reader.tx, list(placement_ids), Month.of(first), reader.now, answers)


def _counted(reader: Reader, known: Sequence[Care], team: str = "") -> OverdueCare:
    limits, today = reader.municipality.contact_days, reader.today
    contacts = Counter(contact for one in known for contact in overdue_contacts(one, limits, today))
    return OverdueCare(len(known), contacts, sum(bool(overdue_reviews(one, today)) for one in known), team)
