"""How a unit's score of today comes about, step by step with its own numbers (så räknas det)."""

from fractions import Fraction

from followup import UnitId
from followup.log.subject import What
from followup.people import Conversation
from services.acting import Refused, Why
from services.views.evidence_lines import worked_out
from services.views.unit_names import followed_unit
from workspace.frame.answer import PageAnswer, Shown, refused
from workspace.frame.entry import PageOf
from workspace.frame.visit import Visit


def method(visit: Visit) -> PageAnswer:
    """For those who may know what raises the level; what is not for her is the same page as what there is not."""
    acting, number = visit.acting, visit.asked.number("unit", UnitId)
    own = followed_unit(acting, number)
    if own is None:
        return refused(acting.refuse(What.UNIT.of(number or "?"), Why.UNKNOWN))
    found = worked_out(acting, own.id)
    if isinstance(found, Refused):
        return refused(found)
    level = found.inputs.base_levels.levels[found.inputs.segment]
    values = {
        "found": found,
        "score": found.score,
        "config": found.config,
        "level": level,
        "per_report": found.inputs.base_levels.per_report,
        "unseen": found.config.unseen,
        "rows": [
            (row, kappa, float(points), float(Fraction(kappa) * points))
            for row, kappa, points in found.expected
        ],
        "form": visit.say.say(found.unit.care.said("form_of_care")),
    }
    return Shown("method.html", visit.say("page.method", unit=found.unit.name), values)


OFFERED = (PageOf("/metod/{unit}", Conversation.SIGNAL_DESK, method, reads_much=True),)
