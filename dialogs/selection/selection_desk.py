"""The selection in the quality team's hands: `urval`, freezing, drawing, adjusting with a reason, locking."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.verbs import Command, Verb
from dialogs.selection.follow_up_owners import opened_parts, owners_card, shared_parts, wanted_owners
from dialogs.selection.selection_card import changes_card, draws_card, state_card
from dialogs.selection.selection_files import files_card
from dialogs.selection.selection_forms import (
    add_card,
    draw_card,
    freeze_card,
    lock_card,
    remove_card,
)
from dialogs.turn import Press, Reply, Stored, Turn
from followup import CycleId
from followup.access.municipality import Municipality
from followup.log.subject import What
from followup.people import Conversation
from followup.selection.adjustment import reserve_for
from followup.selection.cycle import Cycle
from followup.times.calendar import municipal_day
from followup.wording.wording import Wording
from services import giving
from services.acting import Refused, Why
from services.named import unit_named
from services.selection import selection_steps
from services.selection.selecting import MadeFrame, WantedAdjustment, make_frame
from services.selection.selection_state import SelectionState, selection_name
from services.views import selection as selection_views
from services.views.selection import SelectionView
from services.views.unit_names import names_by_key
from storage.engine.database import Transaction

UNKNOWN = "selection.unknown"
View = TypeVar("View")


def open_selection(turn: Turn) -> Reply:
    """The one that a button names, else the one that is under way, else this year's."""
    named, near = _named(turn), selection_views.near(turn.acting)
    if isinstance(near, Refused):
        return turn.refusal(near, UNKNOWN)
    current = _current(turn, near)
    if selection_views.is_known(turn.acting, named):
        return _show(turn, named)
    if current is not None:
        return _show(turn, current.id)
    turn.log("read", What.SELECTION.of())
    return Reply(card=_none_yet(turn, near))


def _named(turn: Turn) -> CycleId:
    """Which selection the button names; 0 where it names none."""
    return CycleId((turn.said.press.number("cycle") if turn.said.press else None) or 0)


def _current(turn: Turn, near: Sequence[Cycle]) -> Cycle | None:
    """What is not locked yet, else the newest of this year and the next."""
    unfinished = [one for one in near if one.state != "locked"]
    own = [one for one in near if one.year >= turn.acting.today.year]
    return unfinished[0] if unfinished else own[-1] if own else None


def _none_yet(turn: Turn, near: Sequence[Cycle]) -> Card:
    say = turn.say
    title = say("selection.title", year=turn.acting.today.year)
    steps = Text(say("selection.steps"), "subtle")
    parts = (Text(title, "title"), Text(say("selection.none")), steps, *_others(turn, near, None))
    return Card(title, parts, (_new_button(turn),))


def _new_button(turn: Turn) -> Button:
    return Button(turn.say("selection.freeze"), "selection_freeze_form")


def _drawn(turn: Turn, view: View | Refused, draw: Callable[[View], Card]) -> Reply:
    """The card of the view, or why there is none; what is refused changed nothing."""
    return _refused(turn, view) if isinstance(view, Refused) else Reply(card=draw(view))


def _refused(turn: Turn, why: Refused) -> Reply:
    if not why.problems:
        return turn.refusal(why, UNKNOWN)
    title = turn.say("selection.refused")
    problems = [Text(turn.say.say(one.what), "problem") for one in why.problems]
    back = Button(turn.say("selection.back"), "selection")
    return Reply(card=Card(title, (Text(title, "title"), *problems), (back,)))


def _show(turn: Turn, cycle_id: CycleId, before: Sequence[Part] = ()) -> Reply:
    start = turn.said.press.number("start") or 0 if turn.said.press else 0
    view = selection_views.selection(turn.acting, cycle_id)
    return _drawn(turn, view, lambda one: _card(turn, one, start=start, before=before))


def _card(turn: Turn, view: SelectionView, *, start: int = 0, before: Sequence[Part] = ()) -> Card:
    near = selection_views.near(turn.acting) if not start else []
    after = [] if isinstance(near, Refused) else _others(turn, near, view.cycle)
    card = state_card(view, turn.say, start=start, before=before, after=after)
    new = () if view.cycle.state != "locked" or start else (_new_button(turn),)
    return Card(card.summary, card.parts, (*card.buttons, *new), card.data)


def _others(turn: Turn, near: Sequence[Cycle], shown: Cycle | None) -> list[Part]:
    rows: list[Part] = [
        ListRow(
            turn.say.say(selection_name(one.year, one.name)),
            turn.say(f"selection.doc.{one.state}"),
            button=Button(turn.say("selection.show"), "selection", {"cycle": one.id}),
        )
        for one in near
        if shown is None or one.id != shown.id
    ]
    return [Text(turn.say("selection.others"), "heading"), *rows] if rows else []


def freeze_form(turn: Turn) -> Reply:
    return Reply(card=freeze_card(turn, {}, []))


def prepare(
    tx: Transaction, press: Press, now: datetime, municipality: Municipality
) -> Callable[[], object] | None:
    """The frame that is to be frozen, of what may be; what may not the turn refuses."""
    plan, _ = selection_steps.read_plan(press.inputs, municipal_day(now), municipality.year.parts)
    if plan is None:
        return None
    made = make_frame(tx, plan, now)
    return lambda: made


def freeze(turn: Turn) -> Reply:
    made = turn.ready if isinstance(turn.ready, MadeFrame) else None
    cycle = selection_steps.freeze(turn.acting, turn.press.inputs, made)
    if not isinstance(cycle, Refused):
        return _done(turn, cycle.id, [Text(turn.say("selection.frozen.done"), "good")])
    if cycle.why != Why.WRONG:
        return turn.refusal(cycle, UNKNOWN)
    return Reply(card=freeze_card(turn, turn.press.inputs, cycle.problems))


def _done(turn: Turn, cycle_id: CycleId, before: Sequence[Part] = ()) -> Reply:
    """What was done is stored, and this is how the selection stands."""
    effect = Stored("selection", {"cycle": cycle_id})
    return replace(_show(turn, cycle_id, before), effect=effect)


def told_again(turn: Turn, cycle_id: CycleId) -> Reply:
    """The selection as it stands now."""
    return _show(turn, cycle_id)


def _form(turn: Turn, draw: Callable[[Cycle], Card]) -> Reply:
    return _drawn(turn, selection_views.head(turn.acting, _named(turn)), draw)


def _wrong(turn: Turn, why: Refused, draw: Callable[[Cycle, Sequence[Wording]], Card]) -> Reply:
    """The form with what is wrong in it, or the refusal itself."""
    if why.why != Why.WRONG:
        return _refused(turn, why)
    problems = [one.what for one in why.problems]
    return _form(turn, lambda cycle: draw(cycle, problems))


def draw_form(turn: Turn) -> Reply:
    return _form(turn, lambda cycle: draw_card(turn, cycle, "", []))


def draw(turn: Turn) -> Reply:
    value = turn.press.inputs.get("public_value", "")
    state = selection_steps.draw(turn.acting, _named(turn), value)
    if isinstance(state, Refused):
        return _wrong(turn, state, lambda cycle, problems: draw_card(turn, cycle, value, problems))
    return _done(turn, state.cycle.id)


def add_form(turn: Turn) -> Reply:
    return _form(turn, lambda cycle: add_card(turn, cycle, {}, []))


def add(turn: Turn) -> Reply:
    typed = turn.press.inputs
    unit, problems = unit_named(turn.acting, typed.get("unit", ""))
    if unit is None:
        return _form(turn, lambda cycle: add_card(turn, cycle, typed, problems))
    state = selection_steps.adjust(
        turn.acting, _named(turn), WantedAdjustment("add", unit.key, typed.get("reason", ""))
    )
    if isinstance(state, Refused):
        return _wrong(turn, state, lambda cycle, wrong: add_card(turn, cycle, typed, wrong))
    return _done(turn, state.cycle.id, [Text(turn.say("selection.added", unit=unit.name), "good")])


def remove_form(turn: Turn) -> Reply:
    return _form(turn, lambda cycle: remove_card(turn, cycle, "", []))


def remove(turn: Turn) -> Reply:
    key, reason = str(turn.press.data.get("unit")), turn.press.inputs.get("reason", "")
    state = selection_steps.adjust(turn.acting, _named(turn), WantedAdjustment("remove", key, reason))
    if isinstance(state, Refused):
        return _wrong(turn, state, lambda cycle, problems: remove_card(turn, cycle, reason, problems))
    return _done(turn, state.cycle.id, _removed(turn, state, key))


def _removed(turn: Turn, state: SelectionState, key: str) -> list[Part]:
    """What was done, and whom the draw has in reserve where a drawn unit was taken out."""
    known = names_by_key(turn.acting)
    parts: list[Part] = [Text(turn.say("selection.removed", unit=known.get(key)), "good")]
    reserve = reserve_for(key, state.proposal, state.selected) if state.proposal else None
    if reserve is not None:
        parts.append(Text(turn.say("selection.reserve", unit=known.get(reserve), key=reserve)))
    return parts


def lock_form(turn: Turn) -> Reply:
    view = selection_views.selection(turn.acting, _named(turn))
    return _drawn(turn, view, lambda one: lock_card(one.state, turn.say))


def lock(turn: Turn) -> Reply:
    state = selection_steps.lock(turn.acting, _named(turn), turn.press.number("adjusted"))
    if not isinstance(state, Refused):
        return _done(turn, state.cycle.id, opened_parts(turn, state.follow_ups))
    return lock_form(turn) if state.why == Why.CHANGED else _refused(turn, state)


def owners_form(turn: Turn) -> Reply:
    cycle_id = _named(turn)
    found = selection_views.open_follow_ups_of(turn.acting, cycle_id)
    return _drawn(turn, found, lambda rows: owners_card(turn, cycle_id, rows))


def share_out(turn: Turn) -> Reply:
    given = giving.share_out(turn.acting, wanted_owners(turn))
    if isinstance(given, Refused):
        return _refused(turn, given)
    return _done(turn, _named(turn), shared_parts(turn, given)) if given.done else owners_form(turn)


def draws(turn: Turn) -> Reply:
    view = selection_views.selection(turn.acting, _named(turn))
    return _drawn(turn, view, lambda one: draws_card(one, turn.say))


def changes(turn: Turn) -> Reply:
    view = selection_views.changes(turn.acting, _named(turn))
    return _drawn(turn, view, lambda one: changes_card(one, turn.say))


def protocol(turn: Turn) -> Reply:
    return _form(turn, lambda cycle: files_card(turn, cycle))


OFFERED = (
    Command("selection", Conversation.SELECTION, ("urval", "selection"), open_selection),
    Verb("selection", Conversation.SELECTION, open_selection),
    Verb("selection_freeze_form", Conversation.SELECTION, freeze_form),
    Verb("freeze_selection", Conversation.SELECTION, freeze),
    Verb("selection_draw_form", Conversation.SELECTION, draw_form),
    Verb("draw_selection", Conversation.SELECTION, draw),
    Verb("selection_add_form", Conversation.SELECTION, add_form),
    Verb("selection_add", Conversation.SELECTION, add),
    Verb("selection_remove_form", Conversation.SELECTION, remove_form),
    Verb("selection_remove", Conversation.SELECTION, remove),
    Verb("selection_lock_form", Conversation.SELECTION, lock_form),
    Verb("lock_selection", Conversation.SELECTION, lock),
    Verb("selection_owners_form", Conversation.SELECTION, owners_form),
    Verb("selection_owners", Conversation.SELECTION, share_out),
    Verb("selection_draws", Conversation.SELECTION, draws),
    Verb("selection_protocol", Conversation.SELECTION, protocol),
    Verb("selection_changes", Conversation.SELECTION, changes),
)
