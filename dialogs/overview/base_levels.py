"""The yearly base levels: those that hold, what is proposed, who would change band, and adopting it for the year."""

from followup.risk.risk_config import BaseLevels
from followup.terms import FORMS
from services.risk.base_levels import Proposal
from storage.risk.base_levels import AdoptedLevels
from texts.catalogue import Texts


def holding_sentence(holding: AdoptedLevels, say: Texts) -> str:
    levels = holding.levels
    return say("base_levels.holding", version=levels.id, day=levels.valid_from, who=holding.decided_by)


def proposal_sentence(found: Proposal, say: Texts) -> str:
    year = found.day.year
    return say("base_levels.proposal", version=found.new.id, year=year - 1, day=found.day)


def level_rows(old: BaseLevels, new: BaseLevels | None, say: Texts) -> tuple[tuple[str, str], ...]:
    """Each form of care with its points per placement-month, and the provider's own report; from old to new."""
    names = {form.segment: say.say(form.said("form_of_care")) for form in FORMS.values() if form.segment}
    rows = [
        (names[segment], level, new.levels[segment] if new else level)
        for segment, level in old.levels.items()
    ]
    rows.append((say("base_levels.per_report"), old.per_report, new.per_report if new else old.per_report))
    return tuple((name, _moved(before, after, say)) for name, before, after in rows)


def _moved(before: object, after: object, say: Texts) -> str:
    return say.write(before) if before == after else f"{say.write(before)} → {say.write(after)}"
