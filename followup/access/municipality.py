"""What holds in the whole municipality, as its settings say."""

from dataclasses import dataclass, field

from followup.access.access import ACCESS, Access
from followup.times.contact_days import ContactDays
from followup.times.deadlines import YearDates


@dataclass(frozen=True)
class Municipality:
    """Who may see what, whether free text about a child is asked for here, the year's dates, when contacts are due.

    `official` is the key of the one who answers for the follow-up, empty where nobody is named. With
    `fixed_channel` the configuration says which the quality team's channel is, and nobody chooses another.
    """

    access: Access = ACCESS
    free_text: bool = True
    year: YearDates = field(default_factory=YearDates)
    contact_days: ContactDays = field(default_factory=ContactDays)
    official: str = ""
    fixed_channel: bool = False


USUAL_MUNICIPALITY = Municipality()
