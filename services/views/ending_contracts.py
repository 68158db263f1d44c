"""Contracts that end, with the units that they are for: the same for all who see how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from followup.access.access import DataKind
from followup.log.subject import What
from followup.messages.clocks import ContractAsked
from followup.provider import EndingContract
from followup.questions.days import Days
from services.acting import Acting, Reader, Refused
from services.clocks.contract_owners import SOON, sees_contracts
from storage.clocks.contracts import ending
from storage.register import people


@dataclass(frozen=True)
class ContractsEnding:
    """From the first to the last day; where no days were named, also those that have ended where somebody is placed."""

    first: date
    last: date
    contracts: Sequence[EndingContract]


@dataclass(frozen=True)
class ContractTold:
    contract: EndingContract
    asker: str


def contract_asked(reader: Reader, message: ContractAsked) -> ContractTold | None:
    """Nothing when it has got another owner, or another goes on from it, since the message was decided."""
    person, until = reader.person, reader.today + SOON
    if person is None or person.id != message.owner_id or not reader.sees(DataKind.UNIT):
        return None
    hers = ending(reader.tx, reader.today, until, person.id)
    found = next((one for one in hers if one.id == message.contract_id), None)
    return ContractTold(found, people.PeopleById(reader.tx)[message.asker_id].name) if found else None


def ending_contracts(acting: Acting, days: Days | None) -> ContractsEnding | Refused:
    if not sees_contracts(acting):
        return acting.refuse(What.STATUS.of("contracts"))
    acting.log("read", What.STATUS.of("contracts"), records=0)
    asked = days or Days(acting.today, acting.today + SOON)
    found = ending(acting.tx, acting.today, asked.last)
    within = [one for one in found if days is None or asked.first <= one.ends]
    return ContractsEnding(asked.first, asked.last, within)
