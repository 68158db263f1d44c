"""One unit: its level over two years, what the reader may know of it, and the quality team's evidence in rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from dialogs.alerts.evidence_card import iso_days
from dialogs.overview.unit_rows import band_mark
from dialogs.overview.unit_status import unit_parts
from dialogs.switchboard import by_press
from dialogs.turn import Stored, read_now
from followup import UnitId
from followup.access.small_unit import Audience
from followup.log.subject import What
from followup.people import Conversation
from services.acting import Refused, Why
from services.views.evidence_lines import EvidenceLine, EvidenceLines, unit_lines
from services.views.unit_names import followed_unit
from services.views.unit_timeline import timeline
from services.views.units import ProviderView, provider
from texts.catalogue import Texts, capital
from workspace.cards.pressing import CARRIED, turn_of
from workspace.frame.answer import DeedDone, NoSuchPage, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import ROOT, DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.pressed import PressedButton, read_pressed
from workspace.frame.visit import PAGE, Visit
from workspace.overview.judging import FORMS, FormInPlace, form_in, opened_form

PATH = "/enhet/{unit}"
KIND, CHANGED, ACT = "slag", "andra", "hur"
ACTS = ("regrade", "link", "dismiss", "restore")
# Beside the kinds of items.
LINKED, DISMISSED = "lankade", "avskrivna"


def unit(visit: Visit) -> PageAnswer:
    number, act = visit.asked.query.get(CHANGED, ""), visit.asked.query.get(ACT, "")
    opens = number and act in ACTS and visit.acting.may(Conversation.SIGNAL_DESK)
    return _page(visit, opened_form(visit, number, act) if opens else None)


def _found(visit: Visit) -> ProviderView | NoSuchPage:
    acting, number = visit.acting, visit.asked.number("unit", UnitId)
    own = followed_unit(acting, number)
    if own is None:
        return refused(acting.refuse(What.UNIT.of(number or "?"), Why.UNKNOWN))
    found = provider(acting, [own], in_full=1)
    return refused(found) if isinstance(found, Refused) else found


def _page(visit: Visit, form: FormInPlace | None) -> PageAnswer:
    found = _found(visit)
    if isinstance(found, NoSuchPage):
        return found
    view, say = found.in_full[0], visit.say
    evidence = _evidence(visit, view.unit.id)
    if isinstance(evidence, NoSuchPage):
        return evidence
    wanted = visit.asked.query.get(KIND, "")
    lines = [one for one in evidence.lines if _is_of(one, wanted)] if evidence else []
    path = PATH.format(unit=view.unit.id)
    here = ListPage(path, visit.asked.page, len(lines), {KIND: wanted} if wanted else {})
    values = {
        "view": view,
        "provider": found.name,
        # Without its heading, which the page has.
        "parts_shown": unit_parts(visit.turn(), view)[1:],
        "mark": band_mark(view.band, say),
        "evidence": evidence,
        "lines": lines[here.start : here.start + PAGE],
        "here": here,
        "whole": not wanted,
        "kinds": _kinds(visit, view.unit.id, evidence, wanted) if evidence else [],
        "why": lambda one: say.say(iso_days(one.why)),
        "kind_word": lambda one: kind_word(one, say),
        "change": lambda one, act: _address(view.unit.id, {CHANGED: one.number, ACT: act}) + "#andra",
        "acts": lambda one: ("restore",) if one.standing == "dismissed" else ("regrade", "link", "dismiss"),
        "judges": visit.acting.may(Conversation.SIGNAL_DESK),
        "form": form,
        "happened": timeline(visit.acting, view.unit.id),
        "follow_up": _new_follow_up(visit, view.unit.id),
        "said": [say("page.unit.judged", number=one.numbers["number"]) for one in visit.stored("judged")],
        "wrong": form is not None and form.wrong,
    }
    return Shown("unit.html", view.unit.name, values)


def kind_word(one: EvidenceLine, say: Texts) -> str:
    """What one of the kind is called, else what several are."""
    return capital(
        say(f"risk.kind.{one.kind}") if say.has(f"risk.kind.{one.kind}") else say(f"risk.kinds.{one.kind}")
    )


def _kinds(
    visit: Visit, unit_id: UnitId, evidence: EvidenceLines, wanted: str
) -> Sequence[tuple[str, str, bool]]:
    """A link a kind that there is any of, with how many rows it shows."""
    say, lines = visit.say, evidence.lines
    words: dict[str, str] = {"": say("page.unit.all")}
    words |= {one.kind: capital(say(f"risk.kinds.{one.kind}")) for one in lines}
    words |= {LINKED: say("page.unit.linked"), DISMISSED: say("page.unit.dismissed")}
    return [
        (f"{word} ({number})", _address(unit_id, {KIND: name} if name else {}) + "#evidence", name == wanted)
        for name, word in words.items()
        if (number := sum(_is_of(one, name) for one in lines)) or name == wanted
    ]


def _is_of(one: EvidenceLine, wanted: str) -> bool:
    if wanted == LINKED:
        return bool(one.linked_to)
    if wanted == DISMISSED:
        return one.standing == "dismissed"
    return wanted in ("", one.kind)


def _address(unit_id: UnitId, said: Mapping[str, str]) -> str:
    return f"{ROOT}{PATH.format(unit=unit_id)}" + (f"?{urlencode(said)}" if said else "")


def _new_follow_up(visit: Visit, unit_id: UnitId) -> str:
    """What the button sends that opens the form; empty for those who follow nothing up."""
    may = visit.acting.may(Conversation.FOLLOW_UPS)
    return PressedButton("new_follow_up_form", {"unit": unit_id}).sent() if may else ""


def _evidence(visit: Visit, unit_id: UnitId) -> EvidenceLines | NoSuchPage | None:
    """None for those who may not know what raises the level, which is all but the quality team."""
    if visit.acting.audience != Audience.QUALITY:
        return None
    found = unit_lines(visit.acting, unit_id)
    return refused(found) if isinstance(found, Refused) else found


def judge(visit: Visit) -> PageAnswer:
    """As the form's button does in the chat; where something is wrong the form stands open with all of it."""
    pressed = read_pressed(visit.asked.sent("press"))
    if pressed is None or pressed.verb not in FORMS.values():
        return refused(
            visit.acting.refuse(What.UNIT.of(visit.asked.number("unit", UnitId) or "?"), Why.UNKNOWN)
        )
    typed = {name: value for name, value in visit.typed.items() if name not in (*CARRIED, "nummer")}
    reply = by_press(turn_of(visit, pressed.verb, pressed.data, typed), None)
    number = visit.asked.sent("nummer")
    if reply.effect is not None:
        return DeedDone(Stored("judged", {"number": number}))

    def again(later: Visit) -> PageAnswer:
        shown = read_now(turn_of(later, pressed.verb, pressed.data, typed), reply)
        return _wrong(_page(later, form_in(number, shown.card, shown.notice or shown.text)))

    return ShownAgain(again)


def _wrong(shown: PageAnswer) -> PageAnswer:
    return replace(shown, status=HTTPStatus.UNPROCESSABLE_ENTITY) if isinstance(shown, Shown) else shown


OFFERED = (
    PageOf(PATH, Conversation.PROVIDER, unit, reads_much=True),
    DeedOf(f"{PATH}/bedom", Conversation.SIGNAL_DESK, judge, PATH),
)
