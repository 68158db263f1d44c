"""A signal as a person may see it, and what she may raise one about; all of it logged."""

from collections.abc import Sequence

from followup.log.subject import What
from followup.placement import Placement
from services.acting import Acting
from services.signals.raising import own_placements


def cases_to_choose(acting: Acting) -> Sequence[Placement]:
    """What a signal may be about, as it is listed."""
    mine = own_placements(acting)
    if mine:
        acting.log("read", What.CASES.of(), seen=What.PLACEMENT.each(one.id for one in mine))
    return mine
