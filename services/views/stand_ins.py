"""Who stands in for a worker: by her leaves, and by what the register says of each of her placements."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from followup import PersonId, PlacementId
from followup.access.access import DataKind
from followup.log.subject import What
from followup.people import Leave, Person, may_report
from followup.placement import Placement
from services.acting import Acting
from services.month.own_tasks import may_read_alias
from services.own_people import OwnPeople
from services.signals.raising import own_placements
from storage.register import people, placements


@dataclass(frozen=True)
class StandIns:
    """What stands today and later; a leave's substitute is also one who has said no, and None where nobody is asked.

    `covered` are the open placements with a substitute of their own of which the reader may see which they are, by
    her name; of the others, `counted` says how many each substitute has.
    """

    leaves: Sequence[tuple[Leave, "NamedStandIn | None"]]
    covered: Sequence["Covered"]
    counted: Mapping["NamedStandIn", int]
    placements: int

    @property
    def without(self) -> int:
        return self.placements - len(self.covered) - sum(self.counted.values())


@dataclass(frozen=True)
class NamedStandIn:
    """`gone` where she answers for nothing any more, `away_until` where she is on leave herself today."""

    id: PersonId
    name: str
    gone: bool
    away_until: date | None


@dataclass(frozen=True)
class Covered:
    placement: Placement
    by: NamedStandIn


def workers_named(acting: Acting, fits: Callable[[Person], bool]) -> list[Person]:
    """Those of whom the reader may know who their colleagues are."""
    return [one for one in OwnPeople(acting, DataKind.COLLEAGUES).workers() if fits(one)]


def stand_ins_of(acting: Acting, who: Person) -> StandIns:
    """Of herself, or of one of `workers_named`; what is shown of each placement is logged by whoever shows it.

    While somebody else answers for her placements she is not told either which they are.
    """
    tx, today = acting.tx, acting.today
    leaves = sorted(people.leaves_of(tx, who.id, today).values(), key=lambda one: one.starts)
    own = [one for one in placements.open_since(tx, today, today, who.id) if one.owner_id == who.id]
    of_leaves, named = ({one.substitute_id for one in each} for each in (leaves, own))
    found = _found(acting, {one for one in of_leaves | named if one is not None})
    covered = [
        Covered(_as_seen(acting, one), by)
        for one in own
        if one.substitute_id is not None and (by := found.get(one.substitute_id)) is not None
    ]
    seen = {one.id for one in own_placements(acting)} if who.id == acting.person.id else set[PlacementId]()
    shown = [one for one in covered if one.placement.id in seen]
    shown.sort(key=lambda one: (one.by.name, one.placement.case_reference))
    counted = Counter(one.by for one in covered if one.placement.id not in seen)
    asked = [(one, found.get(one.substitute_id) if one.substitute_id else None) for one in leaves]
    return StandIns(asked, shown, counted, len(own))


def _found(acting: Acting, wanted: Set[PersonId]) -> Mapping[PersonId, NamedStandIn]:
    tx, today = acting.tx, acting.today
    away = {
        one.person_id: one.ends for one in people.leaves_of_some(tx, wanted, today) if one.starts <= today
    }
    return {
        id_: NamedStandIn(id_, one.name, not may_report(one), away.get(id_))
        for id_, one in people.some(tx, wanted).items()
    }


def log_shown(acting: Acting, who: Person, shown: Sequence[Covered] = ()) -> None:
    """`shown` are those that are shown each for itself."""
    seen = What.PLACEMENT.each(one.placement.id for one in shown)
    acting.log("read", What.LEAVE.of(who.id), seen=seen)


def _as_seen(acting: Acting, one: Placement) -> Placement:
    return one if may_read_alias(acting, one.owner_id) else replace(one, alias=None)
