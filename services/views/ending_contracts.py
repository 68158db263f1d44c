"""Contracts that end, with the units that they are for: the same for all who see how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup.access.access import DataKind
from followup.clocks.clock import CONTRACT_REMIND_DAYS
from followup.log.subject import What
from followup.people import Conversation
from followup.provider import EndingContract
from followup.questions.days import Days
from services.acting import Acting, Refused
from storage.clocks.contracts import ending

SOON = timedelta(days=max(CONTRACT_REMIND_DAYS))


@dataclass(frozen=True)
class ContractsEnding:
    """From the first to the last day; where no days were named, also those that have ended where somebody is placed."""

    first: date
    last: date
    contracts: Sequence[EndingContract]


def ending_contracts(acting: Acting, days: Days | None) -> ContractsEnding | Refused:
    if not acting.may(Conversation.STATUS) or not acting.sees(DataKind.UNIT):
        return acting.refuse(What.STATUS.of("contracts"))
    acting.log("read", What.STATUS.of("contracts"), records=0)
    asked = days or Days(acting.today, acting.today + SOON)
    found = ending(acting.tx, acting.today, asked.last)
    within = [one for one in found if days is None or asked.first <= one.ends]
    return ContractsEnding(asked.first, asked.last, within)
