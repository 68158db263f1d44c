"""Who has not answered (obesvarade): by worker, with a reminder that the manager sends, and who cannot be reached."""

from collections import Counter
from collections.abc import Sequence, Set
from datetime import date

from dialogs.card import Button, Card, Grid, Item, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.offered import Command, Verb
from dialogs.overview.own_people import OwnPeople, months_of, name_and_team
from dialogs.overview.response_rates import rate_of
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.access.access import Access, Kind
from followup.log.subject import What
from followup.messages.month import Nudge
from followup.month.rounds import Round
from followup.people import Conversation, Person
from followup.risk.chart import Gauge
from followup.times.calendar import municipal_day, working_moment
from storage.engine.database import Transaction
from storage.messages import outbox
from storage.month import awaiting, rounds
from storage.month.awaiting import Awaiting
from texts.catalogue import Texts

MOST_PEOPLE, MOST_BUTTONS = 60, 15
REASONS = (
    "BotDisabledByAdmin",
    "BotNotInConversationRoster",
    "ConversationBlockedByUser",
    "ForbiddenOperationException",
    "MessageWritesBlocked",
    "NoTeamsAccount",
)


def unanswered(turn: Turn) -> Reply:
    """What is missing by worker in the open rounds, and what nobody answers for."""
    return Reply(card=unanswered_card(turn))


def _own(turn: Turn) -> OwnPeople:
    return OwnPeople(turn.tx, turn.person, Kind.MISSING, turn.municipality.access)


def unanswered_card(turn: Turn, receipt: Text | None = None) -> Card:
    say, asked = turn.say, rounds.asking_rounds(turn.tx, turn.now)
    own, reminded = _own(turn), _reminded(turn.tx, _day(turn))
    left = own.left(awaiting.unanswered(turn.tx, asked, turn.now))
    parts: list[Part] = [
        Text(say("unanswered.title"), "title"),
        *([receipt] if receipt else []),
        *_answered(turn, own, asked),
        *_rows(own, left, reminded, say),
        *ownerless(left, say),
        *([] if left else [Text(say("unanswered.none"), "good")]),
        *not_reached(turn),
    ]
    return Card(say("unanswered.title"), tuple(parts), _buttons(left, reminded, say))


def _buttons(left: Sequence[Awaiting], reminded: Set[int], say: Texts) -> tuple[Button, ...]:
    someone = _counted(left).keys() - reminded
    everyone = (Button(say("unanswered.remind_all"), "remind_all"),) if someone else ()
    return (*everyone, Button(say("hand_over.open"), "reassign_form")) if left else ()


def _answered(turn: Turn, own: OwnPeople, asked: Sequence[Round]) -> list[Part]:
    say = turn.say
    rates = [rate_of(turn.tx, own, round_, turn.now) for round_ in asked]
    answered, all_ = sum(one.answered for one in rates), sum(one.asked for one in rates)
    if not all_:
        return []
    title = say("unanswered.gauge", months=months_of(asked, say))
    sentence = say("unanswered.answered", answered=answered, all=all_)
    return [Gauge(title, sentence, answered, all_, say("unanswered.in"), say("unanswered.missing"))]


def _rows(own: OwnPeople, left: Sequence[Awaiting], reminded: Set[int], say: Texts) -> list[Part]:
    """Names and counts, no child; those with most left first."""
    rows = [
        _row(own.everyone[person_id], number, person_id in reminded, say)
        for person_id, number in _counted(left).most_common()
    ]
    return at_most(MOST_BUTTONS, rows, say("unanswered.more"), say)


def _row(worker: Person, number: int, reminded: bool, say: Texts) -> Item:
    said = say("unanswered.row", n=number)
    if reminded:
        return Item(name_and_team(worker), f"{said} {say('unanswered.reminded')}")
    button = Button(say("unanswered.remind"), "remind_worker", {"worker": worker.id})
    return Item(name_and_team(worker), said, button=button)


def _counted(left: Sequence[Awaiting]) -> Counter[int]:
    return Counter(one.person_id for one in left if one.person_id is not None)


def remind_worker(turn: Turn) -> Reply:
    """One reminder to one worker, once a day at most whoever presses."""
    worker_id = turn.press.number("worker")
    name = _own(turn).everyone
    if worker_id not in _own_with_something_left(turn):
        return Reply(card=unanswered_card(turn, Text(turn.say("unanswered.nothing_left"), "subtle")))
    queued = _remind(turn, worker_id)
    said = "unanswered.remind_done" if queued else "unanswered.remind_before"
    receipt = Text(turn.say(said, name=name[worker_id].name), "good")
    stored = Stored("reminded", {"workers": [worker_id]}) if queued else None
    return Reply(card=unanswered_card(turn, receipt), effect=stored)


def told_again(turn: Turn, worker_ids: Sequence[int]) -> Reply:
    """Who was reminded, as far as they are still the reader's own people."""
    own = _own(turn)
    if len(worker_ids) == 1 and own.has(worker_ids[0]):
        said = turn.say("unanswered.remind_done", name=own.everyone[worker_ids[0]].name)
    else:
        said = turn.say("unanswered.reminded_all", n=len(worker_ids))
    return Reply(card=unanswered_card(turn, Text(said, "good")))


def remind_all(turn: Turn) -> Reply:
    reminded = [one for one in sorted(_own_with_something_left(turn)) if _remind(turn, one)]
    if not reminded:
        return Reply(card=unanswered_card(turn, Text(turn.say("unanswered.all_reminded"), "subtle")))
    receipt = Text(turn.say("unanswered.reminded_all", n=len(reminded)), "good")
    return Reply(card=unanswered_card(turn, receipt), effect=Stored("reminded", {"workers": reminded}))


def _own_with_something_left(turn: Turn) -> set[int]:
    left = awaiting.unanswered(turn.tx, rounds.asking_rounds(turn.tx, turn.now), turn.now)
    return set(_counted(_own(turn).left(left)))


def _remind(turn: Turn, worker_id: int) -> bool:
    nudge, at = Nudge(turn.person.id), working_moment(turn.now)
    key = nudge.key(_day(turn), worker_id)
    queued = outbox.queue(turn.tx, key, nudge, turn.now, person_id=worker_id, not_before=at)
    if queued:
        turn.log("write", What.REMINDER.of(worker_id))
    return queued


def _day(turn: Turn) -> date:
    """The day that a reminder decided now is read: an evening's is the next morning's."""
    return municipal_day(working_moment(turn.now))


def _reminded(tx: Transaction, day: date) -> set[int]:
    return {int(key.rpartition(":")[2]) for key in outbox.keys_starting(tx, Nudge.keys_of(day))}


def not_reached(turn: Turn) -> list[Part]:
    """The reader's people whom the bot cannot reach: why, and what to do about it."""
    say = turn.say
    own = OwnPeople(turn.tx, turn.person, Kind.COLLEAGUES, turn.municipality.access)
    rows: list[Part] = []
    for person_id, reason in outbox.not_reached(turn.tx).items():
        person = own.everyone[person_id]
        if person.active and own.has(person_id):
            code = next((one for one in REASONS if one in reason), "other")
            rows.append(Item(person.name, say(f"unreachable.{code}")))
    return [Text(say("unreachable.title"), "heading"), *at_most(MOST_ROWS, rows, "", say)] if rows else []


def missing_by_worker(
    tx: Transaction, reader: Person, left: Sequence[Awaiting], say: Texts, access: Access
) -> list[Part]:
    """As a table, for a message: names and counts, then the placements without anyone."""
    own = OwnPeople(tx, reader, Kind.MISSING, access)
    counted = _counted(left).most_common()
    rows = tuple((name_and_team(own.everyone[person_id]), str(number)) for person_id, number in counted)
    parts: list[Part] = []
    if rows:
        parts.append(Grid((say("unanswered.worker"), say("unanswered.number")), rows[:MOST_PEOPLE]))
    if len(rows) > MOST_PEOPLE:
        parts.append(Text(say("evidence.more", n=len(rows) - MOST_PEOPLE), "subtle"))
    return [*parts, *ownerless(left, say)]


def ownerless(left: Sequence[Awaiting], say: Texts) -> list[Part]:
    """Only a manager can give them an owner; they are told by unit."""
    tasks = [one.task for one in left if one.person_id is None]
    if not tasks:
        return []
    places = sorted({task.placement.unit_name for task in tasks})
    rows = [Text(f"• {place}") for place in places]
    return [Text(say("unanswered.ownerless", n=len(tasks)), "warning"), *at_most(MOST_ROWS, rows, "", say)]


OFFERED = (
    Command("unanswered", Conversation.UNANSWERED, ("obesvarade", "unanswered"), unanswered),
    Verb("unanswered", Conversation.UNANSWERED, unanswered),
    Verb("remind_worker", Conversation.UNANSWERED, remind_worker),
    Verb("remind_all", Conversation.UNANSWERED, remind_all),
)
