"""The month's rounds: opened, asked about and reminded of, one placement and one person after the other."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from followup import PersonId, RoundId, TaskId
from followup.messages.month import Ownerless, Prompt, Reminder, Snoozed
from followup.month import rounds as rules
from followup.month.rounds import Round, RoundDays
from followup.people import Person, managers_of, may_report
from followup.times.calendar import working_moment
from scheduler.piece import LOOKED_AT, LOOKING, LOOKING_AT_ONE, PieceDone
from storage.engine.database import Transaction
from storage.messages import outbox
from storage.month import awaiting, rounds
from storage.month.awaiting import UnansweredTask
from storage.register import people
from storage.times.job_looks import Place

PEOPLE_AT_ONCE = 50


def open_rounds(
    tx: Transaction,
    now: datetime,
    days: RoundDays,
    room: int,
    place: Place | None,
    *,
    own_homes: bool = False,
) -> PieceDone:
    """Opens every round that is due; placements registered later get their tasks until the deadline."""
    for month in rules.months_to_open(now, rounds.last_asked(tx), days):
        opened_at = working_moment(now)
        deadline = rules.deadline_of(month, opened_at, days)
        closes_at = rules.closing_of(month, deadline, days)
        # What opened late opens now: its people are given the same number of days.
        rounds.open_round(tx, month, min(now, opened_at), deadline, closes_at)
    rows = 0
    for round_, come_to in in_rounds(
        [one for one in rounds.asking_rounds(tx, now) if now < one.deadline], place
    ):
        after: int | None = come_to["after"]
        while after is not None:
            if rows >= room:
                return PieceDone(rows=rows, place={"round": round_.id, "after": after})
            new, after = rounds.add_tasks(tx, round_, after, min(LOOKED_AT, room - rows), own_homes=own_homes)
            rows += max(new, LOOKING)
    return PieceDone(rows=rows)


def in_rounds(asked: Sequence[Round], place: Place | None) -> Iterator[tuple[Round, dict[str, Any]]]:
    """The rounds from the one that was come to, that one with the place in it and the others from their beginning."""
    named = [one.id for one in asked]
    first = named.index(place["round"]) if place and place["round"] in named else 0
    for number, round_ in enumerate(asked[first:]):
        resumed = place if place and place["round"] == round_.id and number == 0 else {"after": 0}
        yield round_, dict(resumed)


def tell_ownerless(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """A placement that nobody answers for goes to the managers at once, not after ten days (R19)."""
    done = PieceDone()
    for round_, come_to in in_rounds(rounds.asking_rounds(tx, now), place):
        found: list[TaskId] = come_to.get("found", [])
        after: int | None = come_to["after"]
        while after is not None:
            if done.rows >= room:
                return done + PieceDone(place={"round": round_.id, "after": after, "found": found})
            left, after = awaiting.left_after(tx, round_, now, after, LOOKED_AT)
            found += [one.task_id for one in left if one.person_id is None]
            done += PieceDone(rows=LOOKING)
        told = _tell_ownerless(tx, round_, found, now)
        done += PieceDone(told, told)
    return done


def _tell_ownerless(tx: Transaction, round_: Round, found: Sequence[TaskId], now: datetime) -> int:
    """Each is told of once; the message keeps which."""
    new = sorted(set(found) - rounds.told_ownerless(tx, round_.id)) if found else []
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


def ask_and_remind(
    tx: Transaction, now: datetime, days: RoundDays, room: int, place: Place | None
) -> PieceDone:
    """Asks each person about what she has not been asked about, or reminds her; one person after the other."""
    done, asked = PieceDone(), {one.id: one for one in rounds.asking_rounds(tx, now)}
    after: PersonId = place["after"] if place else PersonId(0)
    while asked and (some := people.active_after(tx, after, PEOPLE_AT_ONCE)):
        for person in some:
            if done.rows >= room:
                return done + PieceDone(place={"after": after})
            if may_report(person):
                done += PieceDone(rows=LOOKING_AT_ONE) + _ask_one(tx, person, asked, now, days)
            after = person.id
    return done


def _ask_one(
    tx: Transaction, person: Person, asked: dict[RoundId, Round], now: datetime, days: RoundDays
) -> PieceDone:
    done, left = PieceDone(), awaiting.left_of_person(tx, person, now)
    for round_ in asked.values():
        tasks = [one for one in left if one.round_id == round_.id]
        if tasks:
            done += _ask(tx, round_, person.id, tasks, now) or _remind(
                tx, round_, person.id, tasks, now, days
            )
    return done


def _ask(
    tx: Transaction, round_: Round, person_id: PersonId, left: Sequence[UnansweredTask], now: datetime
) -> PieceDone | None:
    """One message about those of the tasks that she has not been asked about; None where there are none."""
    asked = {one.task_id for one in rounds.askings(tx, round_.id, person_id)}
    new = [one.task_id for one in left if one.task_id not in asked]
    return _prompt(tx, round_, person_id, new, now) if new else None


def _prompt(
    tx: Transaction, round_: Round, person_id: PersonId, task_ids: Sequence[TaskId], now: datetime
) -> PieceDone:
    """The first is the round's prompt; a later one is for what came to her since, as a substitute or a new owner."""
    prompt, at = Prompt(round_.id), working_moment(now)
    key = f"{prompt.key(person_id)}:{rounds.prompts(tx, round_.id, person_id) + 1}"
    outbox.queue(tx, key, prompt, now, person_id=person_id, not_before=at)
    rounds.record_asking(tx, task_ids, person_id, key, at)
    return PieceDone(1, 1 + len(task_ids))


def _remind(
    tx: Transaction,
    round_: Round,
    person_id: PersonId,
    left: Sequence[UnansweredTask],
    now: datetime,
    days: RoundDays,
) -> PieceDone:
    """Reminds who has something left, unless she asked to be reminded later or has just been asked."""
    said_at, askings = working_moment(now), rounds.askings(tx, round_.id, person_id)
    if said_at > round_.deadline:
        return PieceDone()
    # Every prompt lists all that is left.
    asked_at = max(one.asked_at for one in askings)
    due = _reminder_due(round_, person_id, asked_at, rounds.last_snooze(tx, round_.id, person_id), now, days)
    if due is None:
        return PieceDone()
    if all(one.in_vain for one in askings):
        # Whoever was asked in vain cannot be reminded: she is asked again.
        return _prompt(tx, round_, person_id, [one.task_id for one in left], now)
    queued = outbox.queue(tx, *due, now, person_id=person_id, not_before=said_at)
    return PieceDone(queued, queued)


def _reminder_due(
    round_: Round,
    person_id: PersonId,
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
