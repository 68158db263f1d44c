"""The month's rounds: opened, asked about, reminded of, and when the time to answer is over told to managers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from followup.messages.month import Escalation, Ownerless, Prompt, Reminder, Snoozed
from followup.month import rounds as rules
from followup.month.rounds import Round, RoundDays
from followup.people import managers_of
from followup.times.calendar import working_moment
from scheduler.piece import PieceDone
from services.risk.scoring import READING, rescore
from storage import people
from storage.engine.database import Transaction
from storage.messages import outbox
from storage.month import awaiting, rounds
from storage.month.awaiting import UnansweredTask
from storage.risk import evidence, scores


def open_rounds(tx: Transaction, now: datetime, days: RoundDays, room: int) -> PieceDone:
    """Opens every round that is due; placements registered later get their tasks until the deadline."""
    for month in rules.months_to_open(now, rounds.last_asked(tx), days):
        opened_at = working_moment(now)
        deadline = rules.deadline_of(month, opened_at, days)
        closes_at = rules.closing_of(month, deadline, days)
        # What opened late opens now: its people are given the same number of days.
        rounds.open_round(tx, month, min(now, opened_at), deadline, closes_at)
    rows = 0
    for round_ in rounds.asking_rounds(tx, now):
        if now < round_.deadline and rows < room:
            rows += rounds.add_tasks(tx, round_, room - rows)
    return PieceDone(rows=rows)


def ask_and_remind(tx: Transaction, now: datetime, days: RoundDays, room: int) -> PieceDone:
    """Tells of what nobody answers for, asks, and when all have been asked reminds, one round after the other."""
    done = PieceDone()
    for round_ in rounds.asking_rounds(tx, now):
        left = awaiting.left_in(tx, round_, now)
        told = _tell_ownerless(tx, round_, left, now)
        done += PieceDone(told, told) + _ask(tx, round_, left, now, room - done.rows)
        if done.rows < room:
            done += _remind(tx, round_, left, now, days, room - done.rows)
        if done.rows >= room:
            break
    return done


def _tell_ownerless(tx: Transaction, round_: Round, left: Sequence[UnansweredTask], now: datetime) -> int:
    """A placement that nobody answers for goes to the managers at once, not after ten days (R19).

    Each is told of once; the message keeps which.
    """
    ownerless = {one.task_id for one in left if one.person_id is None}
    new = sorted(ownerless - rounds.told_ownerless(tx, round_.id))
    if not new:
        return 0
    told = Ownerless(round_.id, tuple(new))
    managers = managers_of(people.everyone(tx), None)
    key = told.key(len(outbox.keys_starting(tx, told.keys_of(round_.id))))
    keys = [(f"{key}:{manager.key}", manager.id) for manager in managers]
    return sum(
        outbox.queue(
            tx,
            key,
            told,
            now,
            person_id=person_id,
            not_before=working_moment(now),
        )
        for key, person_id in keys
    )


def _ask(
    tx: Transaction, round_: Round, left: Sequence[UnansweredTask], now: datetime, room: int
) -> PieceDone:
    """One message to each person with tasks that she has not been asked about."""
    asked = {(one.task_id, one.person_id) for one in rounds.askings(tx, round_.id)}
    new = _by_person(one for one in left if (one.task_id, one.person_id) not in asked)
    done, before = PieceDone(), rounds.prompts(tx, round_.id) if new else {}
    for person_id, task_ids in new.items():
        if done.rows < room:
            _prompt(tx, round_, person_id, task_ids, before.get(person_id, 0), now)
            done += PieceDone(1, 1 + len(task_ids))
    return done


def _by_person(left: Iterable[UnansweredTask]) -> dict[int, list[int]]:
    """The tasks of each who answers for any."""
    tasks: dict[int, list[int]] = defaultdict(list)
    for one in left:
        if one.person_id is not None:
            tasks[one.person_id].append(one.task_id)
    return tasks


def _prompt(
    tx: Transaction, round_: Round, person_id: int, task_ids: list[int], before: int, now: datetime
) -> None:
    """The first is the round's prompt; a later one is for what came to her since, as a substitute or a new owner."""
    prompt, at = Prompt(round_.id), working_moment(now)
    key = f"{prompt.key(person_id)}:{before + 1}"
    outbox.queue(tx, key, prompt, now, person_id=person_id, not_before=at)
    rounds.record_asking(tx, task_ids, person_id, key, at)


def _remind(
    tx: Transaction, round_: Round, left: Sequence[UnansweredTask], now: datetime, days: RoundDays, room: int
) -> PieceDone:
    """Reminds those with something left, unless they asked to be reminded later or have just been asked."""
    said_at = working_moment(now)
    if said_at > round_.deadline:
        return PieceDone()
    asked, tasks = _asked(tx, round_), _by_person(left)
    snoozes, done = rounds.snoozes(tx, round_.id), PieceDone()
    for person_id in sorted(tasks.keys() & asked.keys()):
        if done.rows >= room:
            break
        asked_at, reached = asked[person_id]
        due = _reminder_due(round_, person_id, asked_at, snoozes.get(person_id), now, days)
        if due is not None and not reached:
            # Whoever was asked in vain cannot be reminded: she is asked again.
            before = rounds.prompts(tx, round_.id)[person_id]
            _prompt(tx, round_, person_id, tasks[person_id], before, now)
            done += PieceDone(1, 1 + len(tasks[person_id]))
        elif due is not None:
            queued = outbox.queue(tx, *due, now, person_id=person_id, not_before=said_at)
            done += PieceDone(queued, queued)
    return done


def _asked(tx: Transaction, round_: Round) -> dict[int, tuple[datetime, bool]]:
    """When each person was last asked, since every prompt lists all that is left, and whether any reached her."""
    asked: dict[int, tuple[datetime, bool]] = {}
    for one in rounds.askings(tx, round_.id):
        at, reached = asked.get(one.person_id, (one.asked_at, False))
        asked[one.person_id] = (max(at, one.asked_at), reached or not one.in_vain)
    return asked


def _reminder_due(
    round_: Round,
    person_id: int,
    asked_at: datetime,
    snoozed: tuple[int, datetime] | None,
    now: datetime,
    days: RoundDays,
) -> tuple[str, Reminder | Snoozed] | None:
    """The reminder that is due, and its key: none while snoozed, the promised one as the snooze ends, else the round's.

    Someone asked about one more as the snooze ended has her reminder in that.
    """
    if snoozed and now < snoozed[1]:
        return None
    number = rules.reminder_due(round_, max(asked_at, snoozed[1]) if snoozed else asked_at, now, days)
    if number is not None:
        reminder = Reminder(round_.id)
        return reminder.key(person_id, number), reminder
    if snoozed and asked_at < snoozed[1] and now < round_.deadline:
        promised = Snoozed(round_.id)
        return promised.key(person_id, snoozed[0]), promised
    return None


def escalate(tx: Transaction, now: datetime, room: int) -> PieceDone:
    """The time to answer is over: the missing reports count at their units, and managers get what is missing."""
    done = PieceDone()
    for round_ in rounds.not_escalated(tx, now):
        done += _count_missing(tx, round_, now, room - done.rows)
        if done.rows >= room:
            break
        queued = _tell_managers(tx, round_, now)
        done += PieceDone(queued, queued)
        rounds.mark_escalated(tx, round_.id, now)
    return done


def _count_missing(tx: Transaction, round_: Round, now: datetime, room: int) -> PieceDone:
    """Scores the units that have not been scored since the time to answer was over."""
    rows = 0
    for unit_id in evidence.units_missing_in(tx, round_.id):
        if rows < room and not scores.is_scored_since(tx, unit_id, round_.deadline):
            rescore(tx, unit_id, now)
            rows += READING
    return PieceDone(rows=rows)


def _tell_managers(tx: Transaction, round_: Round, now: datetime) -> int:
    missing = Escalation(round_.id)
    return sum(
        outbox.queue(
            tx,
            missing.key(manager_id),
            missing,
            now,
            person_id=manager_id,
            not_before=working_moment(now),
        )
        for manager_id in _managers(tx, awaiting.left_in(tx, round_, now))
    )


def _managers(tx: Transaction, left: Sequence[UnansweredTask]) -> list[int]:
    everyone = people.everyone(tx)
    workers = {one.person_id for one in left}
    managers = [managers_of(everyone, everyone.get(one) if one is not None else None) for one in workers]
    return sorted({manager.id for found in managers for manager in found})
