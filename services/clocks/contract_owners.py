"""Who answers for a contract that ends soon: given by the quality team or a manager, and reminded of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from followup import PersonId
from followup.access.access import DataKind
from followup.clocks.clock import CONTRACT_REMIND_DAYS
from followup.log.subject import What
from followup.messages.clocks import ContractAsked
from followup.people import ALLOWED, Conversation, Person, Role, may
from followup.provider import EndingContract
from followup.times.calendar import municipal_day, working_moment
from services.acting import Acting, Refused
from services.own_people import OwnPeople
from storage.clocks import contracts
from storage.engine.locks import hold
from storage.messages import queueing
from storage.register import people

NOBODY = PersonId(0)
SOON = timedelta(days=max(CONTRACT_REMIND_DAYS))
ANSWERS: frozenset[Role] = frozenset({Role.WORKER, Role.QUALITY, Role.MANAGER})

# She has it already, somebody else has it by now, nobody has it, she has been told today, or there is none such.
ContractLeft = Literal["hers", "changed", "nobody", "today", "unknown"]


@dataclass(frozen=True)
class SeenContract:
    """As the list showed it; `owner_id` is NOBODY of one that nobody answered for."""

    number: int
    owner_id: PersonId


@dataclass(frozen=True)
class ContractsDone:
    """By the contracts' own numbers: what was done, and what was left as it was, with why."""

    done: tuple[str, ...]
    left: tuple[tuple[str, ContractLeft], ...]


def sees_contracts(acting: Acting) -> bool:
    return acting.may(Conversation.STATUS) and acting.sees(DataKind.UNIT)


class ContractHands:
    """Whose contracts are hers to give and to remind of: all for the quality team, her own people's for a manager."""

    def __init__(self, acting: Acting) -> None:
        self._acting, self._own = acting, OwnPeople(acting, DataKind.COLLEAGUES)

    def has(self, contract: EndingContract) -> bool:
        """One of hers or her people's, or that nobody who is here answers for."""
        if contract.owner_id is None or self.knows(contract.owner_id):
            return True
        owner = self._own.person(contract.owner_id)
        return owner is None or not _can_answer(owner)

    def knows(self, owner_id: PersonId) -> bool:
        """Whether the table lets her know who it is."""
        return owner_id == self._acting.person.id or self._own.has(owner_id)

    def offered(self, most: int) -> list[Person] | None:
        """The receivers; None of more than can stand in a list, who are not read then."""
        roles = [role for role in ANSWERS if Conversation.PROVIDER in ALLOWED[role]]
        if self._own.all and people.are_more(self._acting.tx, roles, most):
            return None
        found = self.receivers()
        return found if len(found) <= most else None

    def receiver_by_key(self, key: str) -> Person | None:
        return self.receiver(people.by_key(self._acting.tx, key))

    def receiver(self, found: Person | None) -> Person | None:
        """The person, where she is one of those."""
        return found if found is not None and self.knows(found.id) and _can_answer(found) else None

    def receivers(self) -> list[Person]:
        """Those whom the table lets her know, and herself, by name."""
        known = {**self._own.led, self._acting.person.id: self._acting.person}
        return sorted((one for one in known.values() if _can_answer(one)), key=lambda one: (one.name, one.id))


def _can_answer(person: Person) -> bool:
    return person.active and person.role in ANSWERS and may(person, Conversation.PROVIDER)


def give(acting: Acting, seen: Sequence[SeenContract], to: Person) -> ContractsDone | Refused:
    """Each that is as she saw it; whoever gets it is told, and what the next file says of it stands then."""

    def given(contract: EndingContract) -> ContractLeft | None:
        if contract.owner_id == to.id:
            return "hers"
        contracts.give(acting.tx, contract.id, to.id)
        acting.log("write", What.STATUS.of("contracts"), detail=f"{contract.key} {to.key}", records=0)
        if to.id != acting.person.id:
            _tell(acting, contract, to.id)
        return None

    return _each(acting, seen, given)


def remind(acting: Acting, seen: Sequence[SeenContract]) -> ContractsDone | Refused:
    """Whoever answers for it is told of it, once a day at most whoever asks."""

    hands, known = ContractHands(acting), people.PeopleById(acting.tx)

    def reminded(contract: EndingContract) -> ContractLeft | None:
        if contract.owner_id is None or hands.receiver(known.get(contract.owner_id)) is None:
            return "nobody"
        if not _tell(acting, contract, contract.owner_id):
            return "today"
        acting.log("write", What.REMINDER.of(contract.owner_id))
        return None

    return _each(acting, seen, reminded)


def _each(
    acting: Acting, seen: Sequence[SeenContract], do: Callable[[EndingContract], ContractLeft | None]
) -> ContractsDone | Refused:
    """One after the other, of those that the list has now; what is not hers to give is none that there is."""
    hold(acting.tx, "contract owners")
    if not sees_contracts(acting):
        return acting.refuse(What.STATUS.of("contracts"))
    found = contracts.ending(acting.tx, acting.today, acting.today + SOON)
    standing, hands = {one.id: one for one in found}, ContractHands(acting)
    done: list[str] = []
    left: list[tuple[str, ContractLeft]] = []
    for one in sorted(set(seen), key=lambda each: each.number):
        contract = standing.get(one.number)
        if contract is None or not hands.has(contract):
            left.append(("", "unknown"))
            continue
        why: ContractLeft | None = "changed"
        if (contract.owner_id or NOBODY) == one.owner_id:
            why = do(contract)
        if why is None:
            done.append(contract.key)
        else:
            left.append((contract.key, why))
    return ContractsDone(tuple(done), tuple(left))


def _tell(acting: Acting, contract: EndingContract, owner_id: PersonId) -> bool:
    told = ContractAsked(contract.id, owner_id, acting.person.id)
    return queueing.queue(
        acting.tx,
        told.key(municipal_day(acting.now)),
        told,
        acting.now,
        person_id=owner_id,
        not_before=working_moment(acting.now),
    )
