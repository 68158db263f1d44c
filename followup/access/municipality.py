"""What holds in the whole municipality, as its settings say."""

from dataclasses import dataclass, field

from followup.access.access import ACCESS, Access
from followup.times.deadlines import YearDates


@dataclass(frozen=True)
class Municipality:
    """Who may see what, whether free text about a child is asked for here, and the year's dates."""

    access: Access = ACCESS
    free_text: bool = True
    year: YearDates = field(default_factory=YearDates)


USUAL_MUNICIPALITY = Municipality()
