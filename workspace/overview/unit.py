"""One unit: its level over two years, what the reader may know of it, and the quality team's evidence in rows."""

from dialogs.alerts.evidence_card import iso_days
from dialogs.overview.unit_rows import band_mark
from dialogs.overview.unit_status import unit_parts
from followup import UnitId
from followup.access.small_unit import Audience
from followup.log.subject import What
from followup.people import Conversation
from services.acting import Refused, Why
from services.views.evidence import Evidence, EvidenceView, unit_evidence
from services.views.unit_names import followed
from services.views.units import provider
from texts.catalogue import Texts
from workspace.frame.answer import NoSuchPage, PageAnswer, Shown, refused
from workspace.frame.entry import PageOf
from workspace.frame.pressed import PressedButton
from workspace.frame.visit import Visit


def unit(visit: Visit) -> PageAnswer:
    acting, say = visit.acting, visit.say
    number = visit.asked.number("unit", UnitId)
    own = [one for one in followed(acting) if one.id == number]
    if not own:
        return refused(acting.refuse(What.UNIT.of(number or "?"), Why.UNKNOWN))
    found = provider(acting, own, in_full=1)
    if isinstance(found, Refused):
        return refused(found)
    view = found.in_full[0]
    evidence = _evidence(visit, view.unit.id)
    if isinstance(evidence, NoSuchPage):
        return evidence
    values = {
        "view": view,
        "provider": found.name,
        # Without its heading, which the page has.
        "parts_shown": unit_parts(visit.turn(), view)[1:],
        "mark": band_mark(view.band, say),
        "evidence": evidence,
        "why": lambda one: say.say(iso_days(one.why)),
        "states": lambda one: _states(evidence, one, say),
        "follow_up": _new_follow_up(visit, view.unit.id),
    }
    return Shown("unit.html", view.unit.name, values)


def _new_follow_up(visit: Visit, unit_id: UnitId) -> str:
    """What the button sends that opens the form; empty for those who follow nothing up."""
    may = visit.acting.may(Conversation.FOLLOW_UPS)
    return PressedButton("new_follow_up_form", {"unit": unit_id}).sent() if may else ""


def _evidence(visit: Visit, unit_id: UnitId) -> EvidenceView | NoSuchPage | None:
    """None for those who may not know what raises the level, which is all but the quality team."""
    if visit.acting.audience != Audience.QUALITY:
        return None
    found = unit_evidence(visit.acting, unit_id)
    return refused(found) if isinstance(found, Refused) else found


def _states(view: EvidenceView | None, one: Evidence, say: Texts) -> str:
    return " ".join(say(f"signals.state.{state}") for state in view.states(one)) if view else ""


OFFERED = (PageOf("/enhet/{unit}", Conversation.PROVIDER, unit, reads_much=True),)
