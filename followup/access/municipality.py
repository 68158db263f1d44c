"""What holds in the whole municipality, as its settings say."""

from dataclasses import dataclass, field, replace
from typing import Self

from followup.access.access import ACCESS, Access
from followup.access.targets import Targets
from followup.times.contact_days import ContactDays
from followup.times.deadlines import YearDates


@dataclass(frozen=True)
class Municipality:
    """Who may see what, whether free text about a child is asked for here, the year's dates, when contacts are due.

    Where it is not, `texts_on_page` says that the workspace asks for it.

    `official` is the key of the one who answers for the follow-up, empty where nobody is named. With
    `fixed_channel` the configuration says which the quality team's channel is, and nobody chooses another.
    """

    access: Access = ACCESS
    free_text: bool = True
    year: YearDates = field(default_factory=YearDates)
    contact_days: ContactDays = field(default_factory=ContactDays)
    official: str = ""
    fixed_channel: bool = False
    texts_on_page: bool = False
    targets: Targets = field(default_factory=Targets)

    @property
    def on_page(self) -> Self:
        """As it is in the workspace, whose pages reach nobody but the municipality itself."""
        return replace(self, free_text=self.free_text or self.texts_on_page)

    @property
    def text_refused(self) -> str:
        """What is said of a text that is not taken here; empty where it is."""
        if self.free_text:
            return ""
        return "on_page.refused" if self.texts_on_page else "minimal.refused"


USUAL_MUNICIPALITY = Municipality()
