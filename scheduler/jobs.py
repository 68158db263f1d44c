"""Everything that is due at a moment, done once however often and in whatever order it is asked for."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from followup.messages.alerts import AlertAgain
from followup.messages.month import Escalation, Ownerless, Prompt, Reminder, Snoozed
from followup.month import rounds as rules
from followup.month.rounds import Round, RoundDays
from followup.people import Role
from followup.times.attention import is_overdue
from followup.times.calendar import municipal_day, working_moment
from followup.times.deadlines import YearDates
from scheduler.digest import tell_of_the_week
from scheduler.follow_up_reminders import remind_of_actions
from scheduler.log_checkpoint import send_log_checkpoint
from scheduler.log_review import remind_of_log_review
from scheduler.year_dates import tell_of_dates
from services.alerts.alerting import tell_quality_team
from services.risk.scoring import read_month_ends, rescore
from services.risk.threshold import score_under_new
from storage import people, placements, units
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.imports import imports
from storage.messages import handled, links, outbox
from storage.month import awaiting, rounds
from storage.month.awaiting import Awaiting
from storage.risk import evidence
from storage.times import wakes

# Teams sends again within minutes, and a card that is pressed later is told that it has been taken.
KEEPS_REPLIES = timedelta(days=30)


@dataclass(frozen=True)
class Times:
    """When things are due, and the key of the official who answers for the yearly plan; configuration."""

    rounds: RoundDays = field(default_factory=RoundDays)
    year: YearDates = field(default_factory=YearDates)
    official: str = ""


def tick(tx: Transaction, now: datetime, times: Times) -> int:
    """Does what is due and returns how many messages that queued; the second time it does nothing.

    A moment before one already woken for is taken as that later one: what was done is not undone.
    """
    now = max(now, wakes.latest(tx) or now)
    queued = open_rounds(tx, now, times.rounds)
    for round_ in rounds.asking_rounds(tx, now):
        queued += ask(tx, round_, now) + remind(tx, round_, now, times.rounds)
    # What an import has touched is read again a unit at a time: all of it here would hold everybody up.
    imported = set(imports.unscored(tx))
    for unit in units.followed_units(tx):
        if unit.id in imported:
            continue
        # A band can rise at a month's end with nothing new, and that is alerted like any other rise.
        if read_month_ends(tx, unit, now):
            rescore(tx, unit.id, now)
    score_under_new(tx, now)
    queued += (
        escalate(tx, now) + say_alerts_again(tx, now) + tell_of_dates(tx, now, times.year, times.official)
    )
    queued += remind_of_actions(tx, now) + tell_of_the_week(tx, now, times.year)
    queued += remind_of_log_review(tx, now) + send_log_checkpoint(tx, now)
    links.forget_ended(tx, now)
    handled.forget_replies(tx, now - KEEPS_REPLIES)
    wakes.record(tx, now)
    return queued


def open_rounds(tx: Transaction, now: datetime, days: RoundDays) -> int:
    """Opens every round that is due; placements registered later get their tasks until the deadline."""
    queued = 0
    for month in rules.months_to_open(now, rounds.last_asked(tx), days):
        opened_at = working_moment(now)
        deadline = rules.deadline_of(month, opened_at, days)
        closes_at = rules.closing_of(month, deadline, days)
        # What opened late opens now: its people are given the same number of days.
        rounds.open_round(tx, month, min(now, opened_at), deadline, closes_at)
    for round_ in rounds.asking_rounds(tx, now):
        if now < round_.deadline:
            for placement in placements.open_in(tx, round_.month, municipal_day(now)):
                rounds.add_task(tx, round_.id, placement.id)
        queued += _tell_ownerless(tx, round_, now)
    return queued


def _tell_ownerless(tx: Transaction, round_: Round, now: datetime) -> int:
    """A placement that nobody answers for goes to the managers at once, not after ten days (R19).

    Each is told of once; the message keeps which.
    """
    ownerless = {one.task.id for one in awaiting.unanswered(tx, [round_], now) if one.person_id is None}
    new = sorted(ownerless - rounds.told_ownerless(tx, round_.id))
    if not new:
        return 0
    told = Ownerless(round_.id, tuple(new))
    managers = people.managers_of(people.everyone(tx), None)
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


def ask(tx: Transaction, round_: Round, now: datetime) -> int:
    """One message to each person with tasks that she has not been asked about."""
    asked = {(one.task_id, one.person_id) for one in rounds.askings(tx, round_.id)}
    new: dict[int, list[int]] = defaultdict(list)
    for one in awaiting.unanswered(tx, [round_], now):
        if one.person_id is not None and (one.task.id, one.person_id) not in asked:
            new[one.person_id].append(one.task.id)
    for person_id, task_ids in new.items():
        _prompt(tx, round_, person_id, task_ids, now)
    return len(new)


def _prompt(tx: Transaction, round_: Round, person_id: int, task_ids: list[int], now: datetime) -> None:
    """The first is the round's prompt; a later one is for what came to her since, as a substitute or a new owner."""
    prompt = Prompt(round_.id)
    key = prompt.key(person_id)
    earlier = outbox.keys_starting(tx, f"{key}:")
    key = f"{key}:{len(earlier) + 1}"
    at = working_moment(now)
    outbox.queue(tx, key, prompt, now, person_id=person_id, not_before=at)
    rounds.record_asking(tx, task_ids, person_id, key, at)


def remind(tx: Transaction, round_: Round, now: datetime, days: RoundDays) -> int:
    """Reminds those with something left, unless they asked to be reminded later or have just been asked."""
    said_at = working_moment(now)
    if said_at > round_.deadline:
        return 0
    asked = _asked(tx, round_)
    left: dict[int, list[int]] = defaultdict(list)
    for one in awaiting.unanswered(tx, [round_], now):
        if one.person_id is not None:
            left[one.person_id].append(one.task.id)
    snoozes = rounds.snoozes(tx, round_.id)
    queued = 0
    for person_id in sorted(left.keys() & asked.keys()):
        asked_at, reached = asked[person_id]
        due = _reminder_due(round_, person_id, asked_at, snoozes.get(person_id), now, days)
        if due is not None and not reached:
            # Whoever was asked in vain cannot be reminded: she is asked again.
            _prompt(tx, round_, person_id, left[person_id], now)
            queued += 1
        elif due is not None:
            queued += outbox.queue(tx, *due, now, person_id=person_id, not_before=said_at)
    return queued


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


def escalate(tx: Transaction, now: datetime) -> int:
    """The time to answer is over: managers get what is missing, and the missing reports count at their units."""
    queued = 0
    for round_ in rounds.not_escalated(tx, now):
        for unit_id in evidence.units_missing_in(tx, round_.id):
            rescore(tx, unit_id, now)
        left, missing = awaiting.unanswered(tx, [round_], now), Escalation(round_.id)
        for manager_id in _managers(tx, left):
            queued += outbox.queue(
                tx,
                missing.key(manager_id),
                missing,
                now,
                person_id=manager_id,
                not_before=working_moment(now),
            )
        rounds.mark_escalated(tx, round_.id, now)
    return queued


def _managers(tx: Transaction, left: list[Awaiting]) -> list[int]:
    everyone = people.everyone(tx)
    workers = [everyone.get(one.person_id) if one.person_id is not None else None for one in left]
    return sorted({manager.id for worker in workers for manager in people.managers_of(everyone, worker)})


def say_alerts_again(tx: Transaction, now: datetime) -> int:
    """An alert that nobody took within two working days is said once more, to the team and its managers.

    Without a team it goes to every manager.
    """
    queued = 0
    for alert in alerts.open_alerts(tx):
        if not is_overdue(alert.raised_at, alert.taken_at, now):
            continue
        queued += _say_again(tx, alert.id, now)
    return queued


def _say_again(tx: Transaction, alert_id: int, now: datetime) -> int:
    again = AlertAgain(alert_id)
    key = again.key()
    if outbox.keys_starting(tx, f"{key}:"):
        return 0
    everyone = people.everyone(tx)
    team = people.with_role(tx, Role.QUALITY)
    of_team = [manager for one in team for manager in people.managers_of(everyone, one)]
    managers = {manager.id for manager in of_team or people.managers_of(everyone, None)}
    at = working_moment(now)
    return tell_quality_team(tx, key, again, now, not_before=at) + sum(
        outbox.queue(
            tx,
            f"{key}:{everyone[manager_id].key}",
            again,
            now,
            person_id=manager_id,
            not_before=at,
        )
        for manager_id in sorted(managers)
    )
