"""The month's rounds: opened, asked about and reminded of, one placement and one person after the other."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from followup import PersonId, RoundId, TaskId
from followup.messages.clocks import ClocksNear
from followup.messages.month import LISTS, Nudge, Ownerless, Prompt, Reminder, Snoozed
from followup.messages.of_day import is_last_to_say
from followup.month import rounds as rules
from followup.month.rounds import Round, RoundDays
from followup.people import Person, may_report
from followup.times.calendar import at_municipal, municipal_day, next_working_day, working_moment
from scheduler.piece import LOOKED_AT, LOOKING, LOOKING_AT_ONE, PieceDone
from storage.engine.database import Transaction
from storage.messages import ledger, queueing, recipients
from storage.messages.delivery import Delivery
from storage.month import awaiting, rounds
from storage.month.awaiting import UnansweredTask
from storage.month.rounds import Asking
from storage.register import people
from storage.times.job_looks import Place

PEOPLE_AT_ONCE = 50
# So many new tasks of a round are what the database plans by; it is to see them at once, and again when all are there.
MANY = 100
# Of these nobody gets two on one day.
_OF_THE_DAY = (Prompt.kind, Reminder.kind, Snoozed.kind, Nudge.kind, ClocksNear.kind)


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
        added: int = come_to.get("added", 0)
        while after is not None:
            if rows >= room:
                return PieceDone(rows=rows, place={"round": round_.id, "after": after, "added": added})
            new, after = rounds.add_tasks(tx, round_, after, min(LOOKED_AT, room - rows), own_homes=own_homes)
            if added < MANY <= added + new or (after is None and added + new >= MANY):
                rounds.see_tasks(tx)
            rows, added = rows + max(new, LOOKING), added + new
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
    done, asked = PieceDone(), rounds.asking_rounds(tx, now)
    found: list[tuple[TaskId, RoundId]] = [tuple(one) for one in place["found"]] if place else []
    for round_, come_to in in_rounds(asked, place):
        after: int | None = come_to["after"]
        while after is not None:
            if done.rows >= room:
                return done + PieceDone(place={"round": round_.id, "after": after, "found": found})
            left, after = awaiting.left_after(tx, round_, now, after, LOOKED_AT)
            found += [(one.task_id, round_.id) for one in left if one.person_id is None]
            done += PieceDone(rows=LOOKING)
    told = _tell_ownerless(tx, [one.id for one in asked], dict(found), now)
    return done + PieceDone(told, told)


def _tell_ownerless(
    tx: Transaction, asked: Sequence[RoundId], found: Mapping[TaskId, RoundId], now: datetime
) -> int:
    """Each is told of once, in one message however many months they are of; the message keeps which."""
    new = sorted(set(found) - rounds.told_ownerless(tx, asked)) if found else []
    if not new:
        return 0
    of = {found[task_id] for task_id in new}
    # By the month that is open longest, so that it is known for as long as any of them is asked about.
    *others, last = [round_id for round_id in asked if round_id in of]
    told = Ownerless(last, tuple(new), tuple(others))
    managers = people.managers(tx).all
    key = told.key(len(ledger.keys_starting(tx, told.keys_of(last))))
    keys = [(f"{key}:{manager.key}", manager.id) for manager in managers]
    return sum(
        queueing.queue(
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
    """One message a day at most, which lists all that is left of every open round."""
    left = [one for one in awaiting.left_of_person(tx, person, now) if one.round_id in asked]
    waits = _rounds_of(left, asked)
    askings = [one for round_ in waits for one in rounds.askings(tx, round_.id, person.id)]
    known = {one.task_id for one in askings}
    new = [one for one in left if one.task_id not in known]
    if new:
        return _ask(tx, person.id, _rounds_of(new, asked)[-1], new, now)
    return _remind(tx, person.id, waits, askings, left, now, days) if left else PieceDone()


def _rounds_of(tasks: Sequence[UnansweredTask], asked: dict[RoundId, Round]) -> list[Round]:
    """Oldest month first."""
    named = {one.round_id for one in tasks}
    return [round_ for round_ in asked.values() if round_.id in named]


def _ask(
    tx: Transaction, person_id: PersonId, round_: Round, new: Sequence[UnansweredTask], now: datetime
) -> PieceDone:
    """In the day's message while that waits to go; after it, the next morning."""
    last, at = recipients.newest_of_kinds(tx, person_id, _OF_THE_DAY), working_moment(now)
    if last is None or municipal_day(last.told_at) < municipal_day(at):
        return _prompt(tx, person_id, round_, new, now, at)
    if last.state == "ready" and last.kind != ClocksNear.kind:
        rounds.record_asking(tx, [one.task_id for one in new], person_id, last.key, last.not_before)
        return PieceDone(0, len(new))
    tomorrow = at_municipal(next_working_day(municipal_day(last.told_at)))
    is_last_day = is_last_to_say([round_.deadline], now)
    return _prompt(tx, person_id, round_, new, now, at if is_last_day else tomorrow)


def _prompt(
    tx: Transaction,
    person_id: PersonId,
    round_: Round,
    new: Sequence[UnansweredTask],
    now: datetime,
    at: datetime,
) -> PieceDone:
    """The first is the round's prompt; a later one is for what came to her since, as a substitute or a new owner."""
    prompt = Prompt(round_.id)
    key = f"{prompt.key(person_id)}:{rounds.prompts(tx, round_.id, person_id) + 1}"
    queueing.queue(tx, key, prompt, now, person_id=person_id, not_before=at)
    rounds.record_asking(tx, [one.task_id for one in new], person_id, key, at)
    return PieceDone(1, 1 + len(new))


def _remind(
    tx: Transaction,
    person_id: PersonId,
    waits: Sequence[Round],
    askings: Sequence[Asking],
    left: Sequence[UnansweredTask],
    now: datetime,
    days: RoundDays,
) -> PieceDone:
    """Reminds who has something left, unless she asked to be reminded later or has just been told of all of it."""

    def due(since: datetime) -> list[tuple[str, Reminder | Snoozed]]:
        found = [_reminder_due(tx, one, person_id, since, now, days) for one in waits]
        return [one for one in found if one is not None]

    asked_at = max(one.asked_at for one in askings)
    if not due(asked_at):
        return PieceDone()
    # Every message of the kinds has listed all that is left, and one that waits will, on the day when it goes.
    last, at = recipients.newest_of_kinds(tx, person_id, _OF_THE_DAY), working_moment(now)
    if last and last.kind in LISTS and last.state in ("ready", "sending"):
        return PieceDone()
    if last and municipal_day(last.told_at) == municipal_day(at) and not _is_lost(last, waits, now):
        # What was put off came in the night before: the reminder comes the next morning.
        return PieceDone()
    newest = due(max(asked_at, last.not_before, last.sent_at or asked_at) if last else asked_at)
    if not newest:
        return PieceDone()
    if all(one.in_vain for one in askings):
        # Whoever was asked in vain cannot be reminded: she is asked again.
        return _prompt(tx, person_id, waits[-1], left, now, at)
    queued = queueing.queue(tx, *newest[-1], now, person_id=person_id, not_before=at)
    return PieceDone(queued, queued)


def _is_lost(last: Delivery, waits: Sequence[Round], now: datetime) -> bool:
    """Whether a reminder that waits till the day after what was told comes too late, and that has not listed all."""
    return last.kind not in LISTS and is_last_to_say((one.deadline for one in waits), now)


def _reminder_due(
    tx: Transaction, round_: Round, person_id: PersonId, asked_at: datetime, now: datetime, days: RoundDays
) -> tuple[str, Reminder | Snoozed] | None:
    """The reminder that is due, and its key: none while snoozed, the promised one as the snooze ends, else the round's.

    Someone asked about one more as the snooze ended has her reminder in that.
    """
    if working_moment(now) > round_.deadline:
        return None
    snoozed = rounds.last_snooze(tx, round_.id, person_id)
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
