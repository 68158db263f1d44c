"""The selection in the quality team's hands: `urval`, freezing, drawing, adjusting with a reason, locking."""

from collections.abc import Callable, Sequence

from dialogs.card import Button, Card, Item, Part, Text
from dialogs.forms.offered import Command, Verb
from dialogs.selection.selection_card import changes_card, draws_card, state_card
from dialogs.selection.selection_files import files_card
from dialogs.selection.selection_forms import (
    add_card,
    draw_card,
    freeze_card,
    lock_card,
    plan_from,
    remove_card,
    unit_named,
)
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.people import Conversation
from followup.selection.adjustment import reserve_for
from followup.selection.selection_refusal import SelectionRefusedError
from followup.times.calendar import municipal_day
from followup.wording import Problem
from services.selection import selecting
from services.selection.selecting import Change
from services.selection.selection_state import Standing, ages, called, outside_frame, standing
from storage import people, units
from storage.selection import selections
from storage.selection.selections import Cycle

Dialog = Callable[[Turn, Cycle], Reply]


def open_selection(turn: Turn) -> Reply:
    """The one that a button names, else the one that is under way, else this year's."""
    cycle = _named(turn) or _current(turn)
    return Reply(card=_none_yet(turn)) if cycle is None else _try(turn, cycle, _show)


def _named(turn: Turn) -> Cycle | None:
    number = turn.said.press.number("cycle") if turn.said.press else None
    return None if number is None else selections.get(turn.tx, number)


def _cycles(turn: Turn) -> list[Cycle]:
    """This year's and the next one's, and last year's, which may be unfinished at the turn of the year."""
    year = municipal_day(turn.now).year
    return [one for each in (year, year + 1, year - 1) for one in selections.of_year(turn.tx, each)]


def _current(turn: Turn) -> Cycle | None:
    """What is not locked yet, else the newest of this year and the next."""
    cycles, year = _cycles(turn), municipal_day(turn.now).year
    unfinished = [one for one in cycles if one.state != "locked"]
    own = [one for one in cycles if one.year >= year]
    return unfinished[0] if unfinished else own[-1] if own else None


def _none_yet(turn: Turn) -> Card:
    say = turn.say
    title = say("selection.title", year=municipal_day(turn.now).year)
    steps = Text(say("selection.steps"), "subtle")
    parts = (Text(title, "title"), Text(say("selection.none")), steps, *_others(turn, None))
    return Card(title, parts, (_new_button(turn),))


def _new_button(turn: Turn) -> Button:
    return Button(turn.say("selection.freeze"), "selection_freeze_form")


def _try(turn: Turn, cycle: Cycle, dialog: Dialog) -> Reply:
    """The dialog's answer, or why the step is refused, which changed nothing."""
    try:
        return dialog(turn, cycle)
    except SelectionRefusedError as refused:
        return Reply(card=_refused(turn, refused))


def _refused(turn: Turn, refused: SelectionRefusedError) -> Card:
    title = turn.say("selection.refused")
    problems = [Text(turn.say.say(problem), "problem") for problem in refused.problems]
    return Card(title, (Text(title, "title"), *problems), (Button(turn.say("selection.back"), "selection"),))


def _of_button(turn: Turn, dialog: Dialog) -> Reply:
    cycle = _named(turn)
    return Reply(notice=turn.say("selection.unknown")) if cycle is None else _try(turn, cycle, dialog)


def _show(turn: Turn, cycle: Cycle) -> Reply:
    start = turn.said.press.number("start") or 0 if turn.said.press else 0
    return Reply(card=_card(turn, standing(turn.tx, cycle), start=start))


def _card(turn: Turn, state: Standing, *, start: int = 0, before: Sequence[Part] = ()) -> Card:
    known = {unit.key: unit for unit in units.all_units(turn.tx)}
    after = _others(turn, state.cycle) if not start else []
    card = state_card(
        state, known, people.everyone(turn.tx), turn.say, start=start, before=before, after=after
    )
    new = () if state.cycle.state != "locked" or start else (_new_button(turn),)
    return Card(card.summary, card.parts, (*card.buttons, *new), card.data)


def _others(turn: Turn, shown: Cycle | None) -> list[Part]:
    rows: list[Part] = [
        Item(
            turn.say.say(called(one.year, one.name)),
            turn.say(f"selection.doc.{one.state}"),
            button=Button(turn.say("selection.show"), "selection", {"cycle": one.id}),
        )
        for one in _cycles(turn)
        if shown is None or one.id != shown.id
    ]
    return [Text(turn.say("selection.others"), "heading"), *rows] if rows else []


def freeze_form(turn: Turn) -> Reply:
    return Reply(card=freeze_card(turn, {}, []))


def freeze(turn: Turn) -> Reply:
    plan, problems = plan_from(turn)
    if plan is None:
        return Reply(card=freeze_card(turn, turn.press.inputs, problems))
    try:
        cycle = selecting.freeze(turn.tx, plan, turn.person, turn.now)
    except SelectionRefusedError as refused:
        found = [Problem("", problem) for problem in refused.problems]
        return Reply(card=freeze_card(turn, turn.press.inputs, found))
    done = Text(turn.say("selection.frozen.done"), "good")
    return Reply(card=_card(turn, standing(turn.tx, cycle), before=[done]), effect=_stored(cycle))


def _stored(cycle: Cycle) -> Stored:
    return Stored("selection", {"cycle": cycle.id})


def told_again(turn: Turn, cycle_id: int) -> Reply:
    """The selection as it stands now."""
    cycle = selections.get(turn.tx, cycle_id)
    return Reply(notice=turn.say("selection.unknown")) if cycle is None else _try(turn, cycle, _show)


def draw_form(turn: Turn) -> Reply:
    return _of_button(turn, lambda turn, cycle: Reply(card=draw_card(turn, cycle, "", [])))


def draw(turn: Turn) -> Reply:
    return _of_button(turn, _draw)


def _draw(turn: Turn, cycle: Cycle) -> Reply:
    value = turn.press.inputs.get("public_value", "")
    try:
        state = selecting.draw(turn.tx, cycle, value, turn.person, turn.now)
    except SelectionRefusedError as refused:
        if cycle.public_value is not None:
            raise
        return Reply(card=draw_card(turn, cycle, value, refused.problems))
    return Reply(card=_card(turn, state), effect=_stored(cycle))


def add_form(turn: Turn) -> Reply:
    return _of_button(turn, lambda turn, cycle: Reply(card=add_card(turn, cycle, {}, [])))


def add(turn: Turn) -> Reply:
    return _of_button(turn, _add)


def _add(turn: Turn, cycle: Cycle) -> Reply:
    typed = turn.press.inputs
    unit, problems = unit_named(turn, typed.get("unit", ""))
    try:
        if unit is None:
            raise SelectionRefusedError(problems)
        change = Change("add", unit.key, typed.get("reason", ""))
        state = selecting.adjust(turn.tx, cycle, change, turn.person, turn.now)
    except SelectionRefusedError as refused:
        return Reply(card=add_card(turn, cycle, typed, refused.problems))
    done = Text(turn.say("selection.added", unit=unit.name), "good")
    return Reply(card=_card(turn, state, before=[done]), effect=_stored(cycle))


def remove_form(turn: Turn) -> Reply:
    return _of_button(turn, lambda turn, cycle: Reply(card=remove_card(turn, cycle, "", [])))


def remove(turn: Turn) -> Reply:
    return _of_button(turn, _remove)


def _remove(turn: Turn, cycle: Cycle) -> Reply:
    key, reason = str(turn.press.data.get("unit")), turn.press.inputs.get("reason", "")
    try:
        state = selecting.adjust(turn.tx, cycle, Change("remove", key, reason), turn.person, turn.now)
    except SelectionRefusedError as refused:
        return Reply(card=remove_card(turn, cycle, reason, refused.problems))
    return Reply(card=_card(turn, state, before=_removed(turn, state, key)), effect=_stored(cycle))


def _removed(turn: Turn, state: Standing, key: str) -> list[Part]:
    """What was done, and whom the draw has in reserve where a drawn unit was taken out."""
    known = {unit.key: unit.name for unit in units.all_units(turn.tx)}
    parts: list[Part] = [Text(turn.say("selection.removed", unit=known[key]), "good")]
    reserve = reserve_for(key, state.proposal, state.selected) if state.proposal else None
    if reserve is not None:
        parts.append(Text(turn.say("selection.reserve", unit=known[reserve], key=reserve)))
    return parts


def lock_form(turn: Turn) -> Reply:
    return _of_button(turn, lambda turn, cycle: Reply(card=lock_card(standing(turn.tx, cycle), turn.say)))


def lock(turn: Turn) -> Reply:
    return _of_button(turn, _lock)


def _lock(turn: Turn, cycle: Cycle) -> Reply:
    before = standing(turn.tx, cycle)
    if cycle.state == "drawn" and turn.press.number("adjusted") != len(before.adjustments):
        # What was shown is not what would become final: a colleague has adjusted it meanwhile.
        return Reply(card=lock_card(before, turn.say))
    state = selecting.lock(turn.tx, cycle, turn.person, turn.now)
    return Reply(card=_card(turn, state), effect=_stored(cycle))


def draws(turn: Turn) -> Reply:
    return _of_button(turn, _draws)


def _draws(turn: Turn, cycle: Cycle) -> Reply:
    known = {unit.key: unit for unit in units.all_units(turn.tx)}
    return Reply(card=draws_card(standing(turn.tx, cycle), known, turn.say))


def changes(turn: Turn) -> Reply:
    return _of_button(turn, _changes)


def _changes(turn: Turn, cycle: Cycle) -> Reply:
    known = {unit.key: unit for unit in units.all_units(turn.tx)}
    state = standing(turn.tx, cycle)
    dormant, _ = outside_frame(turn.tx, state.frame)
    mix = ages(turn.tx, cycle, turn.person.id, turn.now)
    return Reply(card=changes_card(state, known, dormant, mix, turn.say))


def protocol(turn: Turn) -> Reply:
    return _of_button(turn, lambda turn, cycle: Reply(card=files_card(turn, cycle)))


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
    Verb("selection_draws", Conversation.SELECTION, draws),
    Verb("selection_protocol", Conversation.SELECTION, protocol),
    Verb("selection_changes", Conversation.SELECTION, changes),
)
