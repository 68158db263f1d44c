"""The base levels as the quality team sees them: those that hold, and the year's proposal with what it does."""

from dataclasses import dataclass

from followup.log.subject import What
from followup.people import Conversation
from followup.risk.base_levels import AdoptedLevels
from followup.wording.wording import Wording
from services.acting import Acting, Refused
from services.risk.base_levels import BaseLevelProposal, in_force, propose


@dataclass(frozen=True)
class YearsLevels:
    """A proposal, or why there is none."""

    holding: AdoptedLevels
    proposal: BaseLevelProposal | Wording


def years_levels(acting: Acting) -> YearsLevels | Refused:
    """Numbers of the method and bands of units, and no child."""
    if not acting.may(Conversation.THRESHOLD):
        return acting.refuse(What.BASE_LEVELS.of())
    return YearsLevels(in_force(acting.tx), propose(acting.tx, acting.now))
