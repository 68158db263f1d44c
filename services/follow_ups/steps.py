"""A follow-up's steps: each written, left for the next or the one before, and its end; and what the board decided."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from followup import AlertId, FollowUpId, PersonId, UnitId
from followup.access.access import DataKind, Reach
from followup.follow_ups.action import REASON, ActionState
from followup.follow_ups.board_decision import SANCTIONS, BoardDecision, read_decision, same_decision
from followup.follow_ups.follow_up import (
    FollowUp,
    after,
    before,
    before_cancelling,
    before_closing,
    read_step,
    with_answers,
)
from followup.log.subject import What
from followup.people import Conversation, Role
from followup.wording.form import read, read_day
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why, which
from services.alerts import ownership
from services.follow_ups import following_up
from storage.engine.database import Transaction
from storage.engine.locks import hold_follow_up
from storage.follow_ups import actions, board_decisions, follow_ups
from storage.register import people, units


def may_follow_up(acting: Acting) -> bool:
    """Whether she follows units up: reads what is written of it, and writes."""
    return acting.may(Conversation.FOLLOW_UPS) and acting.reach(DataKind.FOLLOW_UP_TEXTS) == Reach.ALL


def held(acting: Acting, follow_up_id: FollowUpId) -> FollowUp | Refused:
    """The follow-up, for one who follows units up, in her own chat or on a page."""
    named = which(What.FOLLOW_UP, follow_up_id)
    if not may_follow_up(acting):
        return acting.refuse(named)
    if acting.channel:
        return acting.refuse(named, Why.CHANNEL)
    hold_follow_up(acting.tx, follow_up_id)
    return follow_ups.get(acting.tx, follow_up_id) or acting.refuse(named, Why.UNKNOWN)


def stored_follow_up(acting: Acting, follow_up_id: FollowUpId) -> FollowUp | None:
    """As it stands, for one who has been let in to it; what is then shown of it is logged."""
    return follow_ups.get(acting.tx, follow_up_id) if may_follow_up(acting) else None


def unchanged(acting: Acting, follow_up_id: FollowUpId, version: int | None) -> FollowUp | Refused:
    """The follow-up as long as it is as she saw it; else nothing is written, and what she typed stays with her."""
    found = held(acting, follow_up_id)
    if isinstance(found, Refused) or found.version == version:
        return found
    return Refused(Why.CHANGED)


def open_for_alert(acting: Acting, alert_id: AlertId) -> FollowUp | Refused:
    """The alert's ad hoc follow-up (R89), opened unless it is there already."""
    alert = ownership.held(acting, alert_id)
    if isinstance(alert, Refused):
        return alert
    if not may_follow_up(acting):
        return acting.refuse(What.ALERT.of(alert.id))
    return following_up.open_for_alert(acting.tx, alert, acting.person.id, acting.now)


def open_ad_hoc(acting: Acting, unit_id: UnitId) -> tuple[FollowUp, bool] | Refused:
    """Of a followed unit, its open follow-up, and whether it was opened now: one at a time is enough."""
    named = What.UNIT.of(unit_id)
    if not may_follow_up(acting):
        return acting.refuse(named)
    if acting.channel:
        return acting.refuse(named, Why.CHANNEL)
    if units.followed_unit(acting.tx, unit_id) is None:
        return acting.refuse(named, Why.UNKNOWN)
    return following_up.open_ad_hoc(acting.tx, unit_id, acting.person.id, acting.now)


def team_ids(acting: Acting) -> list[PersonId]:
    """Those to whom a follow-up or an action can be given."""
    return [one.id for one in people.with_role(acting.tx, Role.QUALITY)]


def give(
    acting: Acting, follow_up_id: FollowUpId, version: int | None, to_id: PersonId
) -> FollowUp | Refused:
    """One of the team answers for it from now on, whatever step it is at, and is told."""
    found = unchanged(acting, follow_up_id, version)
    if isinstance(found, Refused):
        return found
    if found.closed:
        return Refused(Why.DONE)
    if to_id not in team_ids(acting):
        return acting.refuse(What.FOLLOW_UP.of(follow_up_id))
    return _given(acting, _saved(acting, replace(found, owner_id=to_id)))


def write_step(
    acting: Acting, follow_up_id: FollowUpId, version: int | None, typed: Mapping[str, str], *, whole: bool
) -> FollowUp | Refused:
    """Keeps what is written so far, where nothing is wrong; `whole` goes on, when all that is demanded is there."""
    found = unchanged(acting, follow_up_id, version)
    if isinstance(found, Refused):
        return found
    if found.closed or found.step == "act":
        return Refused(Why.DONE)
    answers, problems = read_step(found, typed, acting.today, team_ids(acting), whole=whole)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    written = with_answers(found, answers, acting.today)
    saved = _saved(acting, replace(written, step=after(found.step) if whole else found.step))
    return saved if written.owner_id == found.owner_id else _given(acting, saved)


def _given(acting: Acting, saved: FollowUp) -> FollowUp:
    following_up.tell_owner(acting.tx, saved, acting.person.id, acting.now)
    return saved


def _saved(acting: Acting, changed: FollowUp) -> FollowUp:
    return following_up.save(acting.tx, changed, acting.person.id, acting.now)


def step_back(acting: Acting, follow_up_id: FollowUpId, version: int | None) -> FollowUp | Refused:
    """To the step before, with all that was written in it and after it."""
    found = unchanged(acting, follow_up_id, version)
    if isinstance(found, Refused):
        return found
    step = before(found.step)
    return Refused(Why.DONE) if step is None else _saved(acting, replace(found, step=step))


def close(acting: Acting, follow_up_id: FollowUpId, version: int | None) -> FollowUp | Refused:
    """The unit remembers the day when it was followed up, and the verdict."""
    found = unchanged(acting, follow_up_id, version)
    if isinstance(found, Refused):
        return found
    if found.step != "act":
        return Refused(Why.DONE)
    decisions = len(board_decisions.of_follow_up(acting.tx, found.id))
    problems = before_closing(found, _states(acting, found), decisions)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    return following_up.close(acting.tx, found, acting.person.id, acting.now)


def _states(acting: Acting, found: FollowUp) -> list[ActionState]:
    return [one.state for one in actions.of_follow_up(acting.tx, found.id)]


def cancel(
    acting: Acting, follow_up_id: FollowUpId, version: int | None, typed: Mapping[str, str]
) -> FollowUp | Refused:
    """It is not done, for a written reason: it has no verdict, and the unit remembers its earlier one."""
    found = unchanged(acting, follow_up_id, version)
    if isinstance(found, Refused):
        return found
    if found.closed:
        return Refused(Why.DONE)
    answers, problems = read(REASON, typed, acting.today)
    problems += before_cancelling(_states(acting, found))
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    return following_up.cancel(acting.tx, found, answers["reason"], acting.person.id, acting.now)


def recorded_before(tx: Transaction, follow_up_id: FollowUpId, reference: str) -> BoardDecision | None:
    """What stands recorded of the decision that the reference names."""
    stands = board_decisions.of_follow_up(tx, follow_up_id)
    return next((one for one in stands if same_decision(one.reference) == same_decision(reference)), None)


def _stands(before: BoardDecision, day: date) -> Problem:
    """What is recorded of the decision already, where she says otherwise without having been told."""
    if before.decided_on != day:
        stands = wording("board_decision.other_day", reference=before.reference, day=before.decided_on)
        return Problem("decided_on", stands)
    kind = (
        wording(f"choice.board_decision.{before.kind}") if before.kind else wording("board_decision.unsaid")
    )
    return Problem("kind", wording("board_decision.other_kind", reference=before.reference, kind=kind))


def record_board_decision(
    acting: Acting, follow_up_id: FollowUpId, typed: Mapping[str, str], knows: int | None = None
) -> FollowUp | Refused:
    """Its kind, reference and day are recorded, and nothing is decided; it may come after the follow-up is closed.

    A decision is recorded once; with another day it is corrected by one who `knows` what was recorded of it.
    """
    found = held(acting, follow_up_id)
    if isinstance(found, Refused):
        return found
    answers, problems = read_decision(typed, acting.today)
    day = read_day(answers.get("decided_on", ""))
    if problems or day is None:
        return Refused(Why.WRONG, tuple(problems))
    tx, reference = acting.tx, answers["reference"]
    before = recorded_before(tx, found.id, reference)
    kind = next(one for one in SANCTIONS if one == answers["kind"])
    if before is not None and (before.decided_on, before.kind) == (day, kind):
        return Refused(Why.DONE)
    if before is not None and before.id != knows:
        return Refused(Why.WRONG, (_stands(before, day),))
    board_decisions.record(tx, found.id, reference, day, acting.person.id, acting.now, kind)
    acting.log("write", What.BOARD_DECISION.of(found.id))
    return found
