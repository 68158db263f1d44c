"""What becomes of a message that the connector has answered for, or that was left: settled in one transaction."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import replacing
from bot.own_trouble import tell_of_channel, tell_of_token
from bot.posting import Done, wait_after
from followup.people import Role
from storage.engine.database import Transaction
from storage.messages import (
    changed_cards,
    claiming,
    conversations,
    counting,
    missed,
    pacing,
    queueing,
    settling,
)
from storage.messages.delivery import UPDATE, Delivery, DeliveryState
from storage.messages.leases import AHEAD_AT_MOST
from storage.messages.settling import Try
from storage.register import people

log = logging.getLogger(__name__)

# About two days at the longest wait; a message that waits so long is still written when it is sent.
MOST_TRIES = 300
# Where nothing has been taken for so long it is the connector that is away, and not one conversation.
GETS_THROUGH = timedelta(days=1)
# Neither by a replica whose clock is a little behind, nor by what answers take of the stream meanwhile, does it become
# a moment so far ahead that only a clock that was wrong has written it.
LONGEST_HOLD = AHEAD_AT_MOST - timedelta(seconds=15)
UNSTORABLE = "the answer could not be stored, see the log"


def settle(tx: Transaction, done: Done, owner: str, now: datetime) -> bool:
    """False where something else became of the message since that try."""
    if done.fate == "left":
        _remember_opened(tx, done, now)
        claiming.release(tx, done.ready.delivery.id, owner)
        return True
    if done.ready.delivery.kind == UPDATE:
        replacing.settle(tx, done, now, MOST_TRIES)
        return True
    tried = _try(done, owner)
    _remember_opened(tx, done, now)
    if done.fate == "sent":
        return _record_sent(tx, done, tried, now)
    if done.fate == "again":
        return _put_back(tx, done, tried, now)
    if done.fate == "gone" or done.fate == "refused":  # noqa: PLR1714 - so that the type checker follows.
        return _drop_address(tx, done, tried, now)
    return _give_up(tx, done, done.fate, tried, now)


def put_in_doubt(tx: Transaction, done: Done, owner: str, now: datetime) -> None:
    """What became of it cannot be stored: it may have been taken, and a person sees that nobody knows."""
    delivery = done.ready.delivery
    if done.fate == "left":
        claiming.release(tx, delivery.id, owner)
        settle_riders(tx, done, owner)
    elif delivery.kind == UPDATE:
        changed_cards.end(tx, delivery, "failed", now, UNSTORABLE)
    elif settling.settle(tx, delivery.id, "uncertain", reason=UNSTORABLE, tried=_try(done, owner)):
        settle_riders(tx, done, owner)


def _try(done: Done, owner: str) -> Try:
    return Try(owner, done.ready.delivery.attempts + 1)


def settle_riders(tx: Transaction, done: Done, owner: str) -> None:
    """What was left never went: its first may have ended, or gone from another process, without the others."""
    riders = [rider.id for rider in done.ready.riders]
    if done.fate == "left":
        for one in riders:
            claiming.release(tx, one, owner)
    else:
        settling.share_fate(tx, done.ready.delivery.id, riders)


def _remember_opened(tx: Transaction, done: Done, now: datetime) -> None:
    if done.opened is not None and done.ready.address is None and _is_same_account(tx, done):
        conversations.remember(tx, done.opened, now, person_id=done.ready.delivery.person_id)


def _record_sent(tx: Transaction, done: Done, tried: Try, now: datetime) -> bool:
    delivery = done.ready.delivery
    if delivery.person_id is not None and not _is_same_account(tx, done):
        # It went to the account that she had when it was written, and she has not got it.
        moved = "the person has another account now"
        return settling.put_back(tx, delivery.id, now, moved, tried=tried)
    is_told = settling.settle(
        tx,
        delivery.id,
        "sent",
        sent_at=now,
        conversation_id=done.address.conversation_id if done.address else None,
        activity_id=str(done.outcome.body.get("activityId") or done.outcome.body.get("id") or ""),
        tried=tried,
    )
    if is_told and delivery.person_id is not None:
        missed.say_again(tx, delivery.person_id, now, arrived=[one.message for one in done.ready.each])
    elif is_told:
        conversations.accepted(tx, delivery.channel)
    return is_told


def _put_back(tx: Transaction, done: Done, tried: Try, now: datetime) -> bool:
    """While nothing gets through to anybody all waits; what one conversation puts off, not for ever."""
    delivery, wait = done.ready.delivery, wait_after(done.outcome, done.ready.delivery.attempts)
    tried_out = delivery.attempts + 1 >= MOST_TRIES
    if tried_out and not done.token_refused and counting.anything_sent_since(tx, now - GETS_THROUGH):
        return _give_up(tx, done, "failed", tried, now)
    if done.token_refused:
        tell_of_token(tx, now)
    return settling.put_back(tx, delivery.id, now + wait, done.reason, anew=tried_out, tried=tried)


def hold_if_asked(tx: Transaction, done: Sequence[Done], pace_now: datetime) -> None:
    """One conversation's limit keeps only its own message waiting; several at once are the tenant's limit."""
    refused = [one for one in done if one.outcome.status == 429]
    if len({(one.ready.delivery.person_id, one.ready.delivery.channel) for one in refused}) > 1:
        waits = [wait_after(one.outcome, one.ready.delivery.attempts) for one in refused]
        pacing.hold(tx, pace_now + min(*waits, LONGEST_HOLD))


def _drop_address(tx: Transaction, done: Done, tried: Try, now: datetime) -> bool:
    """A person's conversation is forgotten, and one that is gone is asked for anew, once.

    Where she has another by now, it was the one before that took nothing: the message goes to the new one.
    """
    delivery, person_id = done.ready.delivery, done.ready.delivery.person_id
    moved = person_id is not None and _has_moved(tx, done)
    gone = done.fate == "gone" and done.ready.address is not None and person_id is not None
    if moved or gone:
        is_told = settling.put_back(tx, delivery.id, now, done.reason, tried=tried)
    else:
        is_told = _give_up(tx, done, "failed", tried, now)
    if is_told and person_id is not None and not moved:
        conversations.forget(tx, person_id)
    return is_told


def _give_up(tx: Transaction, done: Done, state: DeliveryState, tried: Try, now: datetime) -> bool:
    delivery = done.ready.delivery
    waits = state == "failed" and delivery.person_id is not None and done.not_reached
    if not settling.settle(tx, delivery.id, state, reason=done.reason, missed=waits, tried=tried):
        return False
    log.warning("delivery %s %s: %s", delivery.id, state, done.reason)
    if delivery.channel is not None and state == "failed":
        _tell_the_team(tx, delivery, now)
        if conversations.refused(tx, delivery.channel, done.reason, now):
            tell_of_channel(tx, now)
    return True


def _tell_the_team(tx: Transaction, delivery: Delivery, now: datetime) -> None:
    """What the team's channel did not take goes to each of the team instead: an alert must reach somebody."""
    for person in people.with_role(tx, Role.QUALITY):
        queueing.queue(
            tx,
            f"{delivery.key}:{person.key}",
            delivery.message,
            now,
            person_id=person.id,
            urgent=True,
        )


def _has_moved(tx: Transaction, done: Done) -> bool:
    """Whether the person has got another account, or is known to be elsewhere, since the message was written."""
    known = conversations.address_of(tx, person_id=done.ready.delivery.person_id)
    return not _is_same_account(tx, done) or (
        known is not None and known not in (done.ready.address, done.opened)
    )


def _is_same_account(tx: Transaction, done: Done) -> bool:
    """Whether the person is still the one for whom the conversation was opened."""
    asked = done.ready.person
    now = people.by_id(tx, asked.id) if asked else None
    return (
        asked is not None and now is not None and (now.teams_id, now.tenant) == (asked.teams_id, asked.tenant)
    )
