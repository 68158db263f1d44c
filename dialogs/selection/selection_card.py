"""A selection as cards: how it stands, its proposal a page at a time, its draws, and what changed since last year."""

from collections.abc import Callable, Iterable, Sequence
from textwrap import shorten
from typing import Protocol, TypeVar

from dialogs.card import Button, Card, Facts, ListRow, Part, Text
from followup.selection.adjustment import LeftUnit
from followup.selection.cycle import Cycle
from followup.selection.draw import Draw, Ticket
from followup.selection.selection import TRACKS, Chosen, Reason, coverage_sentence
from services.selection.selection_state import SelectionState, period, selection_name
from services.views.selection import ChangesView, SelectionView
from texts.catalogue import Texts

T = TypeVar("T")
PAGE = 15
SHOWN_TICKETS, TICKET_SIGNS = 6, 8
SHOWN_ADJUSTMENTS, SHOWN_REASON = 6, 200
GROUPS = (*TRACKS, "added")


def state_card(
    view: SelectionView,
    say: Texts,
    *,
    start: int = 0,
    before: Sequence[Part] = (),
    after: Sequence[Part] = (),
) -> Card:
    """`before` is what has just happened, `after` the other selections to turn to."""
    cycle = view.cycle
    title = _title(cycle, say)
    parts: list[Part] = [Text(title, "title"), *before, _state(cycle, say)]
    if not start:
        parts.append(Facts(_facts(view, say)))
    parts += [*_proposal(view, say, start), *after]
    return Card(title, tuple(parts), tuple(_buttons(view.state, say, start)), {"cycle": cycle.id})


def _title(cycle: Cycle, say: Texts) -> str:
    text = say.say(selection_name(cycle.year, cycle.name))
    return text[:1].upper() + text[1:]


def _state(cycle: Cycle, say: Texts) -> Text:
    text = say(f"selection.doc.{cycle.state}")
    if cycle.state == "drawn":
        return Text(text, "warning")
    return Text(text, "good" if cycle.state == "locked" else "normal")


def _facts(view: SelectionView, say: Texts) -> tuple[tuple[str, str], ...]:
    cycle = view.cycle
    facts = [
        (say("selection.doc.size"), say.say(view.state.size)),
        (say("selection.doc.parameters"), say.say(view.state.parameters)),
        (say("selection.doc.frame_hash"), cycle.frame_hash),
        (say("selection.doc.public_value_name"), cycle.public_value_name),
    ]
    if cycle.public_value is not None:
        facts.append((say("selection.doc.public_value"), cycle.public_value))
    facts += [
        (say(f"selection.doc.{one.name}"), say("selection.doc.step", at=one.at, by=one.by))
        for one in view.steps
    ]
    return tuple(facts)


def _proposal(view: SelectionView, say: Texts, start: int) -> list[Part]:
    """The units of both tracks, a page at a time; a heading where a track begins, and at the top of a page."""
    state = view.state
    if state.proposal is None:
        return [Text(say("selection.frozen.next", value=state.cycle.public_value_name))]
    parts: list[Part] = []
    if not start:
        covered = say.say(coverage_sentence(state.coverage))
        parts.append(Text(covered, "good" if state.coverage.enough else "warning"))
        parts += [Text(say.say(note), "warning") for note in state.notes]
        parts += _adjustments(view, say)
    group = ""
    for one in _in_groups(state.selected)[start : start + PAGE]:
        if _group(one) != group:
            group = _group(one)
            parts.append(Text(say(f"selection.group.{group}"), "heading"))
        parts.append(_unit_row(view, one, say))
    return parts


def _adjustments(view: SelectionView, say: Texts) -> list[Part]:
    """The newest first, with the beginning of each reason; the protocol has them all in full."""
    rows: list[Part] = [
        Text(
            say(
                f"selection.adjusted.{one.act}",
                unit=unit_name(one.unit, view.units),
                by=one.by,
                at=one.at,
                reason=shorten(one.reason, SHOWN_REASON, placeholder=" …"),
            )
        )
        for one in reversed(view.state.adjustments)
    ]
    if not rows:
        return []
    heading = Text(say("selection.doc.adjustments"), "heading")
    rest = len(rows) - SHOWN_ADJUSTMENTS
    more = [Text(say("selection.rest", n=rest), "subtle")] if rest > 0 else []
    return [heading, *rows[:SHOWN_ADJUSTMENTS], *more]


def _group(one: Chosen) -> str:
    """The first track that one of its reasons belongs to."""
    return next((track for track in TRACKS if set(TRACKS[track]) & set(one.reasons)), "added")


def _in_groups(chosen: Iterable[Chosen]) -> list[Chosen]:
    return sorted(chosen, key=lambda one: GROUPS.index(_group(one)))


def _unit_row(view: SelectionView, one: Chosen, say: Texts) -> ListRow:
    row = next((row for row in view.state.frame.rows if row.id == one.unit), None)
    count = row.placements if row else 0
    about = say("selection.row", reasons=reasons_in_words(one.reasons, say), placements=str(count))
    button = None
    if view.cycle.state == "drawn":
        button = Button(say("selection.act.remove"), "selection_remove_form", {"unit": one.unit})
    return ListRow(unit_name(one.unit, view.units), about, button=button)


def reasons_in_words(reasons: Iterable[Reason], say: Texts) -> str:
    return ", ".join(say(f"selection.reason.{reason}") for reason in reasons)


class UnitNames(Protocol):
    """Of units, by their keys."""

    def get(self, key: str, /) -> str | None: ...


def unit_name(key: str, units: UnitNames) -> str:
    name = units.get(key)
    return key if name is None else f"{name} ({key})"


def _buttons(state: SelectionState, say: Texts, start: int) -> Iterable[Button]:
    """Six at most, since a client shows no more."""
    if state.proposal is None:
        yield Button(say("selection.draw"), "selection_draw_form")
        yield Button(say("selection.protocol"), "selection_protocol")
        return
    rest = len(state.selected) - start - PAGE
    if rest > 0:
        yield Button(say("list.more", n=rest), "selection", {"start": start + PAGE})
    yield Button(say("selection.draws"), "selection_draws")
    yield Button(say("selection.changes"), "selection_changes")
    yield Button(say("selection.protocol"), "selection_protocol")
    if state.cycle.state == "drawn":
        yield Button(say("selection.add"), "selection_add_form")
        yield Button(say("selection.lock"), "selection_lock_form")
    if state.cycle.state == "locked":
        yield Button(say("selection.owners"), "selection_owners_form")


def back_button(say: Texts) -> Button:
    return Button(say("selection.back"), "selection")


def draws_card(view: SelectionView, say: Texts) -> Card:
    """What was drawn, the reserves, each one's chance, and the beginning of the tickets."""
    title = say("selection.draws")
    parts: list[Part] = [Text(title, "title"), Text(say("selection.draws.about"), "subtle")]
    proposal = view.state.proposal
    for draw in proposal.draws if proposal else ():
        parts.append(Text(say(f"selection.draw.{draw.name}"), "heading"))
        parts += _draw(draw, view.units, say)
    return Card(title, tuple(parts), (back_button(say),), {"cycle": view.cycle.id})


def _draw(draw: Draw, units: UnitNames, say: Texts) -> Iterable[Part]:
    if not draw.tickets:
        yield Text(say("selection.doc.no_candidates"))
        return
    for number, ticket in enumerate(draw.tickets[:SHOWN_TICKETS], 1):
        outcome = say(f"selection.outcome.{draw.outcome(ticket.unit)}", number=number)
        yield ListRow(f"{outcome}: {unit_name(ticket.unit, units)}", _ticket(ticket, say))
    if len(draw.tickets) > SHOWN_TICKETS:
        yield Text(say("selection.draws.more", n=len(draw.tickets) - SHOWN_TICKETS), "subtle")


def _ticket(ticket: Ticket, say: Texts) -> str:
    return say("selection.ticket", ticket=f"{ticket.lowest[:TICKET_SIGNS]}…", chance=str(ticket.chance))


def changes_card(view: ChangesView, say: Texts) -> Card:
    """Who entered and who left since last year and why, who stands outside, and the ages."""
    title, units = say("selection.changes"), view.selection.units
    parts: list[Part] = [Text(title, "title"), *_changes(view.selection, say)]
    parts += [Text(say("selection.ages"), "heading"), *(Text(say.say(one)) for one in view.ages.sentences())]
    if view.outside:
        parts.append(Text(say("selection.outside", **period(view.selection.cycle)), "heading"))
        parts += _short(view.outside, lambda key: unit_name(key, units), say)
    return Card(title, tuple(parts), (back_button(say),), {"cycle": view.selection.cycle.id})


def _changes(view: SelectionView, say: Texts) -> Iterable[Part]:
    changed, units = view.state.changes, view.units
    if view.state.not_compared is not None:
        yield Text(say.say(view.state.not_compared))
    if changed is None:
        return
    yield Text(say("selection.doc.stayed", n=changed.stayed))
    if changed.entered:
        yield Text(say("selection.doc.entered"), "heading")
        yield from _short(changed.entered, lambda one: _entered(one, units, say), say)
    if changed.left:
        yield Text(say("selection.doc.left"), "heading")
        yield from _short(
            changed.left, lambda one: f"{unit_name(one.unit, units)}: {why_left(one, say)}", say
        )


def _entered(one: Chosen, units: UnitNames, say: Texts) -> str:
    return f"{unit_name(one.unit, units)}: {reasons_in_words(one.reasons, say)}"


def why_left(one: LeftUnit, say: Texts) -> str:
    return say(f"selection.left.{one.why}", reasons=reasons_in_words(one.before, say))


def _short(rows: Sequence[T], line: Callable[[T], str], say: Texts) -> list[Part]:
    parts: list[Part] = [Text(f"• {line(one)}") for one in rows[:PAGE]]
    if len(rows) > PAGE:
        parts.append(Text(say("selection.rest", n=len(rows) - PAGE), "subtle"))
    return parts
