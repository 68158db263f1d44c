"""Freezes, draws, adjusts and locks a selection: each step once, logged, and refused whole where it may not be."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from followup.log.subject import What
from followup.messages.follow_ups import SelectionFrozen
from followup.people import Conversation, Person, may
from followup.risk.bands import never_plain_green
from followup.selection.adjustment import Act
from followup.selection.candidates import Candidate, frame_of, period_of
from followup.selection.cycle import YEARLY, Cycle, SelectionRefusedError, part_of
from followup.selection.selection import TRACKS
from followup.selection.selection_frame import Parameters, canonical_frame, hash_of, parameter_problems
from followup.times.calendar import municipal_day
from followup.times.deadlines import YearDates
from followup.wording.form import clean_text
from followup.wording.secrecy import holds_personal_number
from followup.wording.wording import Wording, wording
from services.follow_ups.selected_units import OpenedFollowUps, open_for_selection
from services.quality_team import tell_quality_team
from services.risk.scoring import RiskReading, read_each_as_of
from services.selection.selection_state import SelectionState, frame_in, selection_name, state_of
from storage.engine.database import Transaction
from storage.log import access_log
from storage.register import units
from storage.selection import candidates, selections

USUAL_DATES = YearDates()
LONGEST_LINE, LONGEST_NAME, LONGEST_REASON = 200, 64, 2000

SelectionDeed = Literal["freeze", "draw", "lock"] | Act


@dataclass(frozen=True)
class Plan:
    """What is to be frozen; `public_value_name` says which public value that does not exist yet will be drawn with."""

    year: int
    public_value_name: str
    name: str = YEARLY
    parameters: Parameters = field(default_factory=Parameters)


@dataclass(frozen=True)
class MadeFrame:
    """The frame of a plan in writing, as of a day."""

    plan: Plan
    day: date
    text: str


def make_frame(tx: Transaction, plan: Plan, now: datetime) -> MadeFrame:
    """Every unit is read: beside the writer, where others wait."""
    parameters = replace(plan.parameters, half=part_of(clean_text(plan.name)))
    frame, _ = frame_of(known_units(tx, now), municipal_day(now), plan.year, parameters)
    return MadeFrame(plan, municipal_day(now), canonical_frame(frame))


def freeze(tx: Transaction, plan: Plan, by: Person, now: datetime, made: MadeFrame | None = None) -> Cycle:
    """Stores the frame as of now and tells the team its hash and the name of the value to come.

    `made` was read just before: what has come since is in no frame, as what comes a moment later.
    """
    _only(_who(by) + _plan_problems(tx, plan, now))
    if made is None or (made.plan, made.day) != (plan, municipal_day(now)):
        made = make_frame(tx, plan, now)
    text = made.text
    cycle = selections.freeze(
        tx,
        year=plan.year,
        name=clean_text(plan.name),
        frame=text,
        frame_hash=hash_of(text),
        public_value_name=clean_text(plan.public_value_name),
        person_id=by.id,
        now=now,
    )
    if cycle is None:
        raise SelectionRefusedError(
            [wording("selection.refused.frozen", selection=selection_name(plan.year, plan.name))]
        )
    access_log.record(tx, "read", What.SELECTION_BIRTHS.of(cycle.id), now, person_id=by.id)
    _log(tx, cycle, "freeze", by, now, cycle.frame_hash)
    frozen = SelectionFrozen(cycle.id)
    tell_quality_team(tx, frozen.key(), frozen, now)
    return cycle


def known_units(tx: Transaction, now: datetime) -> list[Candidate]:
    """Every unit as it stands today, with the placements of the last twelve months."""
    today = municipal_day(now)
    stays = candidates.stays(tx, *period_of(today))
    followed = candidates.last_follow_ups(tx, today)
    every = units.all_units(tx)
    some = [one for one in every if one.segment is not None]
    readings = {unit.id: reading for unit, reading in read_each_as_of(tx, some, today, now)}
    made = []
    for unit in every:
        one = Candidate(unit.key, tuple(stays.get(unit.id, ())), followed=unit.segment is not None)
        reading = readings.get(unit.id)
        made.append(_with_risk(one, reading, followed.get(unit.id)) if reading else one)
    return made


def _with_risk(one: Candidate, reading: RiskReading, followed_up: date | None) -> Candidate:
    return replace(
        one,
        band=never_plain_green(reading.judgement.band, enough=reading.judgement.enough),
        index=reading.score.index,
        ratio=f"{reading.score.r:.4f}",
        last=followed_up.year if followed_up else None,
    )


def draw(tx: Transaction, cycle: Cycle, public_value: str, by: Person, now: datetime) -> SelectionState:
    """Makes the proposal; the same value again changes nothing, and another one is refused."""
    cycle, value = selections.hold(tx, cycle.id), clean_text(public_value)
    problems = _who(by) + _line(value, wording("selection.part.public_value"))
    if cycle.public_value is not None and cycle.public_value != value:
        problems.append(wording("selection.refused.drawn", value=cycle.public_value))
    _only(problems)
    frame_in(cycle)
    if cycle.public_value is None:
        selections.draw(tx, cycle.id, value, by.id, now)
        _log(tx, cycle, "draw", by, now, value)
    return _fresh(tx, cycle)


@dataclass(frozen=True)
class WantedAdjustment:
    """A unit to put in or take out, and why."""

    act: Act
    unit: str
    reason: str


def adjust(
    tx: Transaction, cycle: Cycle, change: WantedAdjustment, by: Person, now: datetime
) -> SelectionState:
    cycle, reason = selections.hold(tx, cycle.id), clean_text(change.reason)
    _only(_who(by) + _open(cycle) + _reason_problems(reason))
    before = state_of(tx, cycle)
    unit = units.by_key(tx, change.unit)
    # What has become the municipality's own since the freeze can be taken out, and not be put in.
    if unit is None or (unit.segment is None and change.act == "add"):
        raise SelectionRefusedError([wording("selection.refused.unknown_unit", unit=change.unit)])
    is_in = change.unit in {one.unit for one in before.selected}
    if is_in == (change.act == "add"):
        refused = "selection.refused.is_in" if is_in else "selection.refused.not_in"
        raise SelectionRefusedError([wording(refused, unit=unit.name)])
    selections.adjust(tx, cycle.id, unit.id, change.act, reason, by.id, now)
    _log(tx, cycle, change.act, by, now, unit.key)
    return _fresh(tx, cycle)


@dataclass(frozen=True)
class LockedSelection(SelectionState):
    """As it became final, with the follow-ups that its lock opened and joined."""

    follow_ups: OpenedFollowUps


def lock(
    tx: Transaction, cycle: Cycle, by: Person, now: datetime, dates: YearDates = USUAL_DATES
) -> LockedSelection:
    """Makes the selection final and opens a follow-up of each unit in it; the second time is refused."""
    cycle = selections.hold(tx, cycle.id)
    _only(_who(by) + _open(cycle))
    frame_in(cycle)
    selections.lock(tx, cycle.id, by.id, now)
    _log(tx, cycle, "lock", by, now, cycle.frame_hash)
    locked = _fresh(tx, cycle)
    chosen = {one: unit.id for one in locked.selected if (unit := units.by_key(tx, one.unit))}
    by_risk = {id_ for one, id_ in chosen.items() if {*one.reasons} & {*TRACKS["risk"]}}
    opened = open_for_selection(tx, locked.cycle, chosen.values(), by.id, now, dates, by_risk)
    return LockedSelection(**vars(locked), follow_ups=opened)


def _fresh(tx: Transaction, cycle: Cycle) -> SelectionState:
    return state_of(tx, selections.hold(tx, cycle.id))


def _log(tx: Transaction, cycle: Cycle, step: SelectionDeed, by: Person, now: datetime, detail: str) -> None:
    subject = What.SELECTION.of(cycle.id, step)
    access_log.record(tx, "write", subject, now, person_id=by.id, detail=detail)


def _only(problems: list[Wording]) -> None:
    if problems:
        raise SelectionRefusedError(problems)


def _who(by: Person) -> list[Wording]:
    return [] if may(by, Conversation.SELECTION) else [wording("selection.refused.who", name=by.name)]


def _plan_problems(tx: Transaction, plan: Plan, now: datetime) -> list[Wording]:
    name = clean_text(plan.name)
    problems = _line(clean_text(plan.public_value_name), wording("selection.part.public_value_name"))
    problems += _line(name, wording("selection.part.name"), LONGEST_NAME)
    this_year = municipal_day(now).year
    if plan.year not in (this_year, this_year + 1):
        problems.append(wording("selection.refused.year", first=this_year, last=this_year + 1))
    if selections.named(tx, plan.year, name) is not None:
        problems.append(wording("selection.refused.frozen", selection=selection_name(plan.year, name)))
    return problems + parameter_problems(plan.parameters)


def _line(text: str, part: Wording, longest: int = LONGEST_LINE) -> list[Wording]:
    """A line that is published: given, short, and without a personnummer."""
    if not text:
        return [wording("selection.refused.empty", part=part)]
    problems = []
    if len(text) > longest or not text.isprintable():
        problems.append(wording("selection.refused.line", part=part, longest=longest))
    if holds_personal_number(text):
        problems.append(wording("selection.refused.personal_number", part=part))
    return problems


def _reason_problems(reason: str) -> list[Wording]:
    part = wording("selection.part.reason")
    if not reason:
        return [wording("selection.refused.no_reason")]
    problems = []
    if len(reason) > LONGEST_REASON:
        problems.append(wording("selection.refused.long_reason", longest=LONGEST_REASON))
    if holds_personal_number(reason):
        problems.append(wording("selection.refused.personal_number", part=part))
    return problems


def _open(cycle: Cycle) -> list[Wording]:
    """Drawn, and not locked yet."""
    if cycle.state == "frozen":
        return [wording("selection.refused.not_drawn", value=cycle.public_value_name)]
    if cycle.locked_at is not None:
        return [wording("selection.refused.locked", at=cycle.locked_at)]
    return []
