"""A follow-up as its reader may see it: all of it for those who follow up, and for a manager what the table gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from followup import AlertId, CycleId, FollowUpId, PersonId, UnitId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Audience
from followup.follow_ups.action import Action, may_verify
from followup.follow_ups.board_decision import BoardDecision
from followup.follow_ups.diary_number import DiaryNumber
from followup.follow_ups.follow_up import (
    CANCELLED,
    STEPS,
    FollowUp,
    as_known_outside,
    late_reasons,
    next_day,
)
from followup.follow_ups.prefill import UnitEvidence
from followup.log.subject import What
from followup.people import Conversation, Role, may
from followup.provider import Unit
from followup.selection.cycle import period_name
from followup.times.calendar import municipal_day
from followup.wording.wording import Wording, wording
from services.acting import Acting, Reader, Refused, Why, which
from services.follow_ups.following_up import evidence_of
from services.follow_ups.overdue import done_by
from services.follow_ups.steps import held, may_follow_up
from storage.alerts import alerts
from storage.follow_ups import actions, board_decisions, diary_numbers, follow_ups
from storage.register import people, units


@dataclass(frozen=True)
class ActionView:
    """`one` is without what is written where that is not for the reader, and so are the names.

    `days_late` is None of one that is not late; `ownerless` is one that nobody of the quality team has any more.
    """

    one: Action
    unit_id: UnitId
    unit: str
    owner: str | None
    reported_by: str | None
    verified_by: str | None
    days_late: int | None
    ownerless: bool
    verifiable: bool


@dataclass(frozen=True)
class FollowUpView:
    """`one` is the newest version with only what the reader may know; `reads` whether she reads what is written.

    `opened_for` says why it was opened, `late` all that should have been done by now. `filled_in` is whether what is
    known of the unit is filled in in this step. The last of `diary` is the matter's number, and those before it what
    stood there earlier.
    """

    one: FollowUp
    unit: str
    opened_for: Wording
    owner: str | None
    reads: bool
    late: tuple[Wording, ...]
    actions: tuple[ActionView, ...]
    decisions: tuple[BoardDecision, ...]
    diary: tuple[DiaryNumber, ...]
    filled_in: bool


@dataclass(frozen=True)
class FollowUpRow:
    """One of the list: `day` is the nearest by which something is to be done, `late` what should have been."""

    one: FollowUp
    unit: str
    owner: str | None
    day: date | None
    late: tuple[Wording, ...]


def follow_up(acting: Acting, follow_up_id: FollowUpId) -> FollowUpView | Refused:
    """All of it, for one who follows up; logged as read."""
    found = held(acting, follow_up_id)
    if isinstance(found, Refused):
        return found
    return view_of(acting, found)


def view_of(acting: Acting, found: FollowUp) -> FollowUpView:
    """Of what a deed has given her, logged as read."""
    acting.log("read", What.FOLLOW_UP.of(found.id))
    return _view(acting, found)


def author_of(acting: Acting, found: FollowUp) -> str:
    """Who wrote the newest version; logged as read."""
    acting.log("read", What.FOLLOW_UP.of(found.id))
    return people.PeopleById(acting.tx)[found.author_id].name


def open_follow_ups(acting: Acting) -> list[FollowUpRow] | Refused:
    """Those that are open, what is late first; logged as read."""
    found = follow_ups_waiting(acting)
    return found if isinstance(found, Refused) else with_units(acting, found)


def follow_ups_waiting(acting: Acting) -> list[FollowUpRow] | Refused:
    """The same without the names of their units, which are read of those that are shown (`with_units`)."""
    if acting.channel or not may_follow_up(acting):
        return acting.refuse(What.FOLLOW_UPS.of(), Why.CHANNEL if acting.channel else Why.NOT_HERS)
    acting.log("read", What.FOLLOW_UPS.of())
    years, known = follow_ups.cycle_names(acting.tx), people.PeopleById(acting.tx)
    late = actions.late_counts(acting.tx, acting.today)
    rows = []
    for one in follow_ups.open_ones(acting.tx):
        because = _late_because(acting, one, years, late.get(one.id, 0), known)
        owner = known[one.owner_id].name if one.owner_id else None
        day = next_day(one, done_by(one, years, acting.municipality.year))
        rows.append(FollowUpRow(one, "", owner, day, tuple(because)))
    return sorted(rows, key=lambda row: not row.late)


def with_units(reader: Reader, rows: Sequence[FollowUpRow]) -> list[FollowUpRow]:
    at = units.some(reader.tx, {row.one.unit_id for row in rows})
    return [replace(row, unit=at[row.one.unit_id].name) for row in rows]


def of_unit(reader: Reader, unit_id: UnitId) -> list[FollowUpView] | Refused:
    """A unit's follow-ups that were not cancelled, oldest first; logged with the unit that they are shown with."""
    if reader.channel or reader.reach(DataKind.FOLLOW_UP) != Reach.ALL:
        return Refused(Why.NOT_HERS)
    told = [one for one in _all_of_unit(reader, unit_id) if one.step != CANCELLED]
    return [_view(reader, one) for one in told]


def number_open(reader: Reader, unit_id: UnitId) -> int:
    return sum(not one.closed for one in _all_of_unit(reader, unit_id))


def _all_of_unit(reader: Reader, unit_id: UnitId) -> list[FollowUp]:
    known = (_known(reader, one) for one in follow_ups.of_unit(reader.tx, unit_id))
    return [one for one in known if one is not None]


def texts(reader: Reader, follow_up_id: FollowUpId) -> FollowUpView | Refused:
    """What is written in a follow-up, for those who may read it; of one that she knows nothing of, there is none."""
    named, stored = which(What.FOLLOW_UP, follow_up_id), follow_ups.get(reader.tx, follow_up_id)
    found = _known(reader, stored) if stored else None
    if reader.channel:
        return reader.refuse(named, Why.CHANNEL)
    if found is None or not _may_read(reader, found):
        return reader.refuse(named, Why.UNKNOWN)
    reader.log("read", named)
    return _view(reader, found)


def action_view_of(acting: Acting, found: Action) -> ActionView:
    """Of what a deed has given her, logged as read."""
    acting.log("read", What.ACTION.of(found.id))
    return _action_views(acting, [found], reads=True)[0]


def unfinished(acting: Acting) -> list[ActionView] | Refused:
    """Every follow-up's that are not finished, the nearest day first; logged as read."""
    if acting.channel or not may_follow_up(acting):
        return acting.refuse(What.ACTIONS.of(), Why.CHANNEL if acting.channel else Why.NOT_HERS)
    acting.log("read", What.ACTIONS.of())
    return _action_views(acting, actions.unfinished(acting.tx), reads=True)


@dataclass(frozen=True)
class ActionWaiting:
    """An action as it is put in order, without what is written in it; `verifiable` is as in its view."""

    one: Action
    owner: str | None
    verifiable: bool


def actions_waiting(acting: Acting) -> list[ActionWaiting] | Refused:
    """As `unfinished`; what is told of each is read when it is shown (`action_views`)."""
    if acting.channel or not may_follow_up(acting):
        return acting.refuse(What.ACTIONS.of(), Why.CHANNEL if acting.channel else Why.NOT_HERS)
    acting.log("read", What.ACTIONS.of())
    known, team = people.PeopleById(acting.tx), _team(acting)
    return [
        ActionWaiting(
            one,
            None if _is_ownerless(one, known) else known[one.owner_id].name,
            may_verify(one, acting.person.id, team),
        )
        for one in actions.unfinished_heads(acting.tx)
    ]


def action_views(reader: Reader, found: Sequence[Action]) -> list[ActionView]:
    """Of those that `actions_waiting` gave, which it has logged, without what is written in them."""
    return _action_views(reader, found, reads=True)


def _team(reader: Reader) -> list[PersonId]:
    return [one.id for one in people.with_role(reader.tx, Role.QUALITY)]


def _is_ownerless(found: Action, known: people.PeopleById) -> bool:
    """One that nobody of the quality team has any more."""
    return found.state == "open" and not may(known[found.owner_id], Conversation.FOLLOW_UPS)


def _known(reader: Reader, found: FollowUp) -> FollowUp | None:
    return found if reader.audience == Audience.QUALITY else as_known_outside(found)


def _may_read(reader: Reader, found: FollowUp) -> bool:
    """Whether she may read what is written in it."""
    reach = reader.reach(DataKind.FOLLOW_UP_TEXTS)
    return reach == Reach.ALL or (reach == Reach.AFTER_VERDICT and found.verdict is not None)


def _view(reader: Reader, found: FollowUp) -> FollowUpView:
    reads, everyone = _may_read(reader, found), people.PeopleById(reader.tx)
    told = actions.of_follow_up(reader.tx, found.id)
    late = sum(one.late(reader.today) for one in told)
    years, unit = follow_ups.cycle_names(reader.tx), units.get(reader.tx, found.unit_id)
    return FollowUpView(
        one=found if reads else _without_texts(found),
        unit=unit.name,
        opened_for=_opened_for(reader, found),
        owner=everyone[found.owner_id].name if reads and found.owner_id else None,
        reads=reads,
        late=tuple(_late_because(reader, found, years, late, everyone)) if reads else (),
        # Outside the quality team there are none before the verdict that they follow from.
        actions=tuple(_action_views(reader, told if reads or found.verdict else [], reads=reads)),
        decisions=tuple(board_decisions.of_follow_up(reader.tx, found.id) if reads else ()),
        diary=tuple(diary_numbers.of_follow_up(reader.tx, found.id) if reads else ()),
        filled_in=_is_filled_in(found, unit),
    )


def _without_texts(found: FollowUp) -> FollowUp:
    """Its step and verdict alone: neither how and when the unit is followed up, nor what was written."""
    head = (found.id, found.unit_id, found.cycle_id, found.alert_id, found.opened_at, found.opened_by)
    rest = (found.version, found.step, None, found.author_id, found.recorded_at)
    return replace(FollowUp(*head, *rest), verdict=found.verdict, verdict_on=found.verdict_on)


def _opened_for(reader: Reader, found: FollowUp) -> Wording:
    selection = follow_ups.cycle_names(reader.tx).get(found.cycle_id or CycleId(0))
    if selection is not None:
        return wording("follow_up.why.selection", year=period_name(*selection))
    alert, day = alerts.get(reader.tx, found.alert_id or AlertId(0)), municipal_day(found.opened_at)
    if alert is None:
        return wording("follow_up.why.ad_hoc", day=day)
    return wording("follow_up.why.alert", alert=alert.number, day=day)


def _late_because(
    reader: Reader,
    found: FollowUp,
    years: dict[CycleId, tuple[int, str]],
    late: int,
    known: people.PeopleById,
) -> list[Wording]:
    """Everything about it that should have been done by today, `late` of its actions, and that nobody has it."""
    by = done_by(found, years, reader.municipality.year)
    days = {"planned": found.planned_on, "year": by}
    reasons = [
        wording(f"follow_up.late.{reason}", day=days[reason])
        for reason in late_reasons(found, reader.today, by)
    ]
    if late:
        reasons.append(wording("follow_up.late.actions", n=late))
    return [*reasons, *_ownerless(found, known)]


def _ownerless(found: FollowUp, known: people.PeopleById) -> list[Wording]:
    """An owner who has left the quality team is told of, since no follow-up is to be without one (R19)."""
    owner = known.get(found.owner_id)
    if found.closed or (owner is not None and may(owner, Conversation.FOLLOW_UPS)):
        return []
    return [wording("follow_up.ownerless")]


def _action_views(reader: Reader, found: Sequence[Action], *, reads: bool) -> list[ActionView]:
    """What they have around them is read at once."""
    known = people.PeopleById(reader.tx)
    team = _team(reader)
    where = follow_ups.units_of(reader.tx, {one.follow_up_id for one in found})
    at = units.some(reader.tx, set(where.values()))
    return [_action(reader, one, known, team, at[where[one.follow_up_id]], reads=reads) for one in found]


def _action(
    reader: Reader,
    found: Action,
    everyone: people.PeopleById,
    team: Sequence[PersonId],
    unit: Unit,
    *,
    reads: bool,
) -> ActionView:
    owner = everyone[found.owner_id]
    reported = found.state == "done" and reads
    return ActionView(
        one=found if reads else replace(found, what="", evidence="", reason=""),
        unit_id=unit.id,
        unit=unit.name,
        owner=owner.name if reads else None,
        reported_by=everyone[found.author_id].name if reported else None,
        verified_by=everyone[found.verified_by].name if reads and found.verified_by else None,
        days_late=(reader.today - found.due_on).days if found.late(reader.today) else None,
        ownerless=_is_ownerless(found, everyone),
        verifiable=reader.person is not None and may_verify(found, reader.person.id, team),
    )


def begins_with_evidence(found: FollowUp) -> bool:
    """Whether what is known of the unit stands in its fields, since nothing has been written in them."""
    return found.step == STEPS[0] and not found.areas


def evidence_at_first(reader: Reader, found: FollowUp) -> UnitEvidence | None:
    """What stands in the fields until something is written."""
    reads = begins_with_evidence(found) and _may_read(reader, found)
    return evidence_now(reader, found) if reads else None


def evidence_now(reader: Reader, found: FollowUp) -> UnitEvidence | None:
    """What is known of the unit, of a follow-up that she has been let in to; None where it is not filled in."""
    unit = units.get(reader.tx, found.unit_id)
    return evidence_of(reader.tx, unit, reader.now) if _is_filled_in(found, unit) else None


def _is_filled_in(found: FollowUp, unit: Unit) -> bool:
    """In the first step, and not for what has become the municipality's own, which has no score."""
    return found.step == STEPS[0] and unit.segment is not None
