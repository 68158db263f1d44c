"""The selection on one page: frozen, drawn with its public value, adjusted with reasons, compared, locked, fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from dialogs.card import Download
from dialogs.selection.selection_card import reasons_in_words, unit_name, why_left
from dialogs.selection.selection_files import FILES, download
from dialogs.turn import Stored
from followup import CycleId
from followup.log.subject import What
from followup.people import Conversation
from followup.selection.adjustment import reserve_for
from followup.selection.cycle import Cycle
from followup.selection.selection import coverage_sentence
from services.acting import Refused, Why
from services.selection import selection_steps
from services.selection.selecting import LockedSelection, WantedAdjustment
from services.selection.selection_state import SelectionState, selection_name
from services.views import selection as views
from services.views.selection import SelectionView
from texts.catalogue import capital
from workspace.frame.answer import DeedDone, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import ROOT, DeedOf, PageOf
from workspace.frame.files import offered_file
from workspace.frame.listing import ListPage
from workspace.frame.pressed import PressedButton
from workspace.frame.visit import PAGE, Visit
from workspace.selection.rows import draws_seen, selected_rows, steps_of

PATH, OF_YEAR = "/urval", "/urval/{year}"
# Which of a year's, where there are several.
WHICH = "nr"


SelectionForm = Literal["draw", "add", "remove", "lock"]


@dataclass(frozen=True)
class WrongStep:
    """What was wrong in one of the page's forms, and what was typed in it."""

    form: SelectionForm | None = None
    problems: Sequence[str] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


NOTHING_WRONG = WrongStep()


def current(visit: Visit) -> PageAnswer:
    """What is not locked yet, else the newest of this year and the next, else that there is none."""
    near = views.near(visit.acting)
    if isinstance(near, Refused):
        return refused(near)
    unfinished = [one for one in near if one.state != "locked"]
    own = [one for one in near if one.year >= visit.acting.today.year]
    found = unfinished[:1] or own[-1:]
    return _page(visit, found[0] if found else None, near, NOTHING_WRONG)


def of_year(visit: Visit) -> PageAnswer:
    return _shown(visit, NOTHING_WRONG)


def _shown(visit: Visit, wrong: WrongStep) -> PageAnswer:
    found = _cycles(visit)
    if isinstance(found, Refused):
        return refused(found)
    year, this_year = visit.asked.number("year", int) or 0, visit.acting.today.year
    if not found and abs(year - this_year) > 1:
        return refused(visit.acting.refuse(What.SELECTION.of(), Why.UNKNOWN))
    number = visit.asked.sent(WHICH) or visit.asked.query.get(WHICH, "")
    near = views.near(visit.acting)
    cycle = next((one for one in found if str(one.id) == number), found[0] if found else None)
    return _page(visit, cycle, [] if isinstance(near, Refused) else near, wrong)


def _cycles(visit: Visit) -> list[Cycle] | Refused:
    return views.of_year(visit.acting, visit.asked.number("year", int) or 0)


def _page(visit: Visit, cycle: Cycle | None, near: Sequence[Cycle], wrong: WrongStep) -> PageAnswer:
    say = visit.say
    others = [
        (
            capital(say.say(selection_name(one.year, one.name))),
            _address(one),
            say(f"selection.doc.{one.state}"),
        )
        for one in near
        if cycle is None or one.id != cycle.id
    ]
    values: dict[str, object] = {
        "others": others,
        "freeze": PressedButton("selection_freeze_form", {}).sent(),
        "wrong_step": wrong,
        "wrong": bool(wrong.problems),
    }
    if cycle is None:
        return Shown("no_selection.html", say("page.tab.urval"), values)
    view = views.selection(visit.acting, cycle.id)
    if isinstance(view, Refused):
        if not view.problems:
            return refused(view)
        said = " ".join(say.say(one.what) for one in view.problems)
        return Shown("no_selection.html", say("page.tab.urval"), {**values, "refused": said})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong.problems else HTTPStatus.OK
    heading = capital(say.say(selection_name(cycle.year, cycle.name)))
    return Shown("selection.html", heading, {**values, **_values(visit, view, wrong)}, status)


def _address(cycle: Cycle) -> str:
    return f"{ROOT}{PATH}/{cycle.year}?{WHICH}={cycle.id}"


def _values(visit: Visit, view: SelectionView, wrong: WrongStep) -> dict[str, object]:
    say, state = visit.say, view.state
    chosen = {one.unit for one in state.selected}
    changes, drawn = state.changes, state.proposal.draws if state.proposal else ()
    entered, left = (changes.entered, changes.left) if changes else ((), ())
    lists = (state.selected, entered, left, *(one.tickets for one in drawn))
    kept = {WHICH: str(view.cycle.id)}
    here = ListPage(f"{PATH}/{view.cycle.year}", visit.asked.page, max(map(len, lists)), kept)
    shown = slice(here.start, here.start + PAGE)
    outside = [row.id for row in state.frame.rows if row.id not in chosen]
    return {
        "listed": here,
        "selected": len(state.selected),
        "view": view,
        "state": state,
        "cycle": view.cycle,
        "steps": steps_of(state),
        "rows": selected_rows(view, shown, say),
        "draws": draws_seen(view, shown, say),
        "covered": say.say(coverage_sentence(state.coverage)) if state.proposal else "",
        "notes": [say.say(one) for one in state.notes],
        "adjusted": [(one, unit_name(one.unit, view.units)) for one in reversed(state.adjustments)],
        # Of more than fit in a list to choose from the unit is named by its code.
        "outside": [(one, unit_name(one, view.units)) for one in outside] if len(outside) <= PAGE else None,
        "entered": [
            (unit_name(one.unit, view.units), reasons_in_words(one.reasons, say)) for one in entered[shown]
        ],
        "left": [(unit_name(one.unit, view.units), why_left(one, say)) for one in left[shown]],
        "not_compared": say.say(state.not_compared) if state.not_compared else "",
        "files": [download(visit.turn(), view.cycle, name) for name in FILES],
        "names": FILES,
        "owners": PressedButton("selection_owners_form", {"cycle": view.cycle.id}).sent(),
        "out": _taken_out(visit, view, wrong),
        "said": [_told(visit, view, one) for one in visit.stored("selection")],
    }


def _taken_out(visit: Visit, view: SelectionView, wrong: WrongStep) -> Mapping[str, str]:
    """The unit that a reason is asked for, since it is to be taken out."""
    tried = wrong.typed.get("unit", "").strip() if wrong.form == "remove" else ""
    key = visit.asked.query.get("ta-ut") or tried
    return {"key": key, "name": unit_name(key, view.units)}


def _told(visit: Visit, view: SelectionView, one: Stored) -> str:
    """With whom the draw has in reserve, where a drawn unit was taken out."""
    said, key, state = one.numbers["said"], one.numbers["unit"], view.state
    counted = {name: one.numbers[name] for name in ("opened", "joined") if name in one.numbers}
    told = visit.say(
        f"page.selection.{said}", **counted, **({"unit": unit_name(key, view.units)} if key else {})
    )
    if said != "remove" or state.proposal is None:
        return told
    reserve = reserve_for(key, state.proposal, state.selected)
    if reserve is None:
        return told
    return f"{told} {visit.say('selection.reserve', unit=unit_name(reserve, view.units), key=reserve)}"


def _cycle_id(visit: Visit) -> CycleId:
    """Of the year in the address, the one that the form names."""
    found = _cycles(visit)
    number = visit.asked.count(WHICH)
    return next(
        (one.id for one in ([] if isinstance(found, Refused) else found) if one.id == number), CycleId(0)
    )


def draw(visit: Visit) -> PageAnswer:
    value = visit.asked.sent("public_value")
    return _done(visit, "draw", selection_steps.draw(visit.acting, _cycle_id(visit), value))


def adjust(visit: Visit) -> PageAnswer:
    """A unit is put in or taken out, with a reason that is stored."""
    key, reason = visit.asked.sent("unit"), visit.asked.sent("reason")
    act: Literal["add", "remove"] = "remove" if visit.asked.sent("hur") == "remove" else "add"
    wanted = WantedAdjustment(act, key, reason)
    return _done(visit, act, selection_steps.adjust(visit.acting, _cycle_id(visit), wanted), key)


def lock(visit: Visit) -> PageAnswer:
    """Final, as she saw it: where a colleague has adjusted it meanwhile, it is shown again."""
    seen = visit.asked.count("adjusted")
    return _done(visit, "lock", selection_steps.lock(visit.acting, _cycle_id(visit), seen))


def _done(visit: Visit, form: SelectionForm, done: SelectionState | Refused, key: str = "") -> PageAnswer:
    if not isinstance(done, Refused):
        numbers: dict[str, object] = {"cycle": done.cycle.id, "said": form, "unit": key}
        if isinstance(done, LockedSelection):
            numbers |= {"opened": len(done.follow_ups.opened), "joined": len(done.follow_ups.joined)}
        to = f"{PATH}/{done.cycle.year}?{WHICH}={done.cycle.id}"
        return DeedDone(Stored("selection", numbers), to=to)
    if done.why == Why.CHANGED:
        wrong = WrongStep(form, [visit.say("page.selection.changed")], visit.typed)
    elif done.problems:
        wrong = WrongStep(form, [visit.say.say(one.what) for one in done.problems], visit.typed)
    else:
        return refused(done)
    return ShownAgain(lambda again: _shown(again, wrong))


def fetch(visit: Visit) -> PageAnswer:
    """One of the protocol's files, by a link that works once."""
    cycle = views.head(visit.acting, _cycle_id(visit))
    name = next((one for one in FILES if one == visit.asked.sent("fil")), None)
    if isinstance(cycle, Refused) or name is None:
        return refused(cycle if isinstance(cycle, Refused) else Refused(Why.UNKNOWN))
    file: Download = download(visit.turn(), cycle, name)
    return offered_file(visit, file)


OFFERED = (
    PageOf(PATH, Conversation.SELECTION, current, reads_much=True, tab="page.tab.urval"),
    PageOf(OF_YEAR, Conversation.SELECTION, of_year, reads_much=True),
    DeedOf(f"{OF_YEAR}/dra", Conversation.SELECTION, draw, OF_YEAR),
    DeedOf(f"{OF_YEAR}/justera", Conversation.SELECTION, adjust, OF_YEAR),
    DeedOf(f"{OF_YEAR}/las", Conversation.SELECTION, lock, OF_YEAR),
    DeedOf(f"{OF_YEAR}/hamta", Conversation.SELECTION, fetch, OF_YEAR),
)
