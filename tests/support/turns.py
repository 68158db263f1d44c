"""People who type and press buttons straight on the turns: what they see is what was drawn, without any HTTP."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import turns
from bot.cards import draw
from bot.local.player import inputs_for
from bot.local.terminal import NumberedAction, actions_of, inputs_of
from bot.turns import Answer
from dialogs.card import Card
from dialogs.messages.message_replies import say_now
from dialogs.turn import Press, ReadBefore, Said
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.log.subject import Act
from followup.month import report
from followup.month.report import Report
from followup.month.rounds import RoundDays, Task
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick
from storage.engine.database import Database, Transaction, in_lock_order
from storage.messages import conversations, settling
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.month import reports, rounds
from storage.register import people
from tests.support.builders import aad, at, claim_one
from tests.support.logged_acts import acts
from tests.support.numbers import Numbers
from tests.support.scored import score_all_left
from tests.support.told_once import told_once
from texts.catalogue import Texts

Json = dict[str, Any]
SAY = Texts("sv")
SERVICE = "http://127.0.0.1/teams"
CHANNEL = "19:kvalitet@thread.tacv2"
# Read by people or read out to them; what buttons carry in their data is neither.
_READ = ("text", "title", "label", "value", "placeholder", "speak", "fallbackText", "tooltip")
# A form whose every question is answered, for October.
ANEW = {**report.ANEW, "private_talk_on": "2026-10-14", "provider_report_on": "2026-11-02"}
SLAP = {
    "kind": "deviation",
    "event_on": "2026-10-30",
    "consequence": "4",
    "occurred": "happened",
    "cause": "provider",
    "source": "child",
    "marks": "violence",
    "text": "Den unge berättar om ett slag.",
}


@dataclass
class Chat:
    """Every conversation of a municipality over one database, at a moment that can be moved.

    `scores` what a turn leaves to be scored, as the bot does it beside all else.
    """

    database: Database
    now: datetime
    days: RoundDays = field(default_factory=RoundDays)
    numbers: Numbers = field(default_factory=Numbers)
    clients: dict[str, "Client"] = field(default_factory=dict)
    municipality: Municipality = USUAL_MUNICIPALITY
    scores: bool = True

    def client(self, key: str, *, channel: bool = False) -> "Client":
        """The person's own chat, or what the person does in the quality team's channel."""
        name = f"{key} in channel" if channel else key
        return self.clients.setdefault(name, Client(self, key, channel))

    def take(self, said: Said) -> Answer:
        nonce = f"{next(self.numbers):032x}"
        ready = self.made_ready(said) if turns.takes_long(said) else None
        read = self.read_before(said) if turns.reads_much(said) else None
        with self.database.transaction() as tx, in_lock_order(tx):
            taken = turns.take(tx, said, self.now, nonce, self.municipality, ready=ready, read=read)
        answer = self._read_after(said, taken, nonce)
        if self.scores:
            with self.database.transaction() as tx:
                score_all_left(tx, self.now)
        return answer

    def _read_after(self, said: Said, taken: Answer, nonce: str) -> Answer:
        if taken.to_read is None:
            return taken
        with self.database.reading() as tx:
            read = turns.read_after(tx, said, taken.to_read, self.now, self.municipality)
        with self.database.transaction() as tx, in_lock_order(tx):
            return turns.show(tx, said, taken, read, self.now, nonce)

    def read_before(self, said: Said) -> ReadBefore | None:
        with self.database.reading() as tx:
            return turns.read_before(tx, said, self.now, self.municipality)

    def made_ready(self, said: Said) -> object:
        with self.database.reading() as tx:
            work = turns.prepare(tx, said, self.now, self.municipality)
        return work() if work else None

    def wake(self, moment: str) -> None:
        """The clock has come to the moment, what is due is done, and everybody has got what was sent."""
        self.now = at(moment)
        with self.database.transaction() as tx:
            tick(tx, self.now, Times(rounds=self.days))
        self.deliver()

    def deliver(self) -> None:
        while self._deliver_one():
            pass

    def _deliver_one(self) -> bool:
        with self.database.transaction() as tx:
            delivery = claim_one(tx, "test", self.now)
            if delivery is None:
                return False
            card = say_now(tx, delivery, self.now, self.municipality)
            settling.settle(tx, delivery.id, "sent" if card else "cancelled", sent_at=self.now)
            person = people.everyone(tx).get(delivery.person_id) if delivery.person_id else None
        if card is not None:
            drawn = draw(card, f"d{delivery.id}", person.language if person else "sv")
            reader = self.client(person.key) if person else self.client("karin", channel=True)
            reader.shown.append(Shown(drawn, card.summary, delivery.kind))
        return True

    def task(self, case: str, month: Month = Month(2026, 10)) -> Task:  # noqa: B008 - a month never changes.
        with self.database.transaction() as tx:
            round_ = rounds.by_month(tx, month)
            assert round_ is not None
            found = rounds.tasks(tx, [round_.id], self.now.date())
        return next(one for one in found if one.placement.case_reference == case)

    def versions(self, case: str, month: Month = Month(2026, 10)) -> list[Report]:  # noqa: B008
        task = self.task(case, month)
        with self.database.transaction() as tx:
            return reports.versions(tx, task.id)

    def refusals(self) -> list[str]:
        """What people were refused, and strangers."""
        with self.database.transaction() as tx:
            refused = [subject for _, _, subject in acts(tx, "refused")]
        return [one.removeprefix("conversation:") for one in refused]


@dataclass(frozen=True)
class Shown:
    """A card that came unasked."""

    card: Json
    summary: str
    kind: str

    @property
    def words(self) -> str:
        return readable(self.card)


@dataclass
class Client:
    """One who sees the newest card, and types and presses as in Teams."""

    chat: Chat
    key: str
    channel: bool = False
    card: Json = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything that can be read in the newest card."""
        return readable(self.card)

    @property
    def inputs(self) -> dict[str, str]:
        """The newest card's inputs with what stands in them."""
        return {one.id: one.value for one in inputs_of(self.card)}

    @property
    def buttons(self) -> list[str]:
        return [action.title for action in actions_of(self.card)]

    def say(self, text: str, *, activity: str = "", arrives: bool = True) -> Answer:
        """What the person types; `arrives` says whether the answer to it does."""
        said = self._said(text=text, activity=activity)
        answer = self._take(said)
        if arrives:
            with self.chat.database.transaction() as tx:
                turns.answered(tx, said)
        return answer

    def look(self, number: int = -1) -> "Client":
        """Turns to a card that came unasked, the newest one if not said otherwise."""
        self.card = self.shown[number].card
        return self

    def press(
        self, title: str, typed: Mapping[str, str] | None = None, *, row: str = "", activity: str = ""
    ) -> Answer:
        """Presses the button with the title, in the row that is named, with the inputs shown and those typed."""
        found = self.button(title, row)
        return self.send(found, inputs_for(self.card, found, typed or {}), activity=activity)

    def button(self, title: str, row: str = "") -> NumberedAction:
        wanted = f"{title}: {row}" if row else title
        actions = actions_of(self.card)
        found = [one for one in actions if one.title == wanted] or [
            one for one in actions if one.title.startswith(f"{wanted} (" if row else f"{wanted}: ")
        ]
        assert found, f"{wanted}; there are {self.buttons}"
        return found[0]

    def send(self, found: NumberedAction, inputs: Mapping[str, str], *, activity: str = "") -> Answer:
        carried = found.action["data"]["card"]
        return self.forge(found.action["verb"], carried, inputs, activity=activity)

    def forge(
        self,
        verb: str,
        carried: Mapping[str, object],
        inputs: Mapping[str, str] | None = None,
        *,
        activity: str = "",
    ) -> Answer:
        """A press with whatever is wanted in it, also what no card of ours would send."""
        return self._take(self._said(press=Press(verb, carried, inputs or {}), activity=activity))

    def _said(self, *, text: str = "", press: Press | None = None, activity: str = "") -> Said:
        return Said(
            teams_id=aad(self.key),
            conversation_id=CHANNEL if self.channel else f"a:{self.key}",
            activity_id=activity or f"activity-{next(self.chat.numbers)}",
            service_url=SERVICE,
            text=text,
            press=press,
            channel=self.channel,
        )

    def _take(self, said: Said) -> Answer:
        answer = self.chat.take(said)
        self.card = answer.card or self.card
        return answer


def not_saved(text: str) -> str:
    """What is said to one who has filled in a form, where it cannot be done."""
    return f"{SAY(text)} {SAY('press.not_saved')}"


@told_once
def october(database: Database) -> Chat:
    """The round about October has just opened, everybody has been asked, and the team has its channel."""
    with database.transaction() as tx:
        conversations.remember(tx, Address(CHANNEL, SERVICE), at("2026-10-01"), channel=QUALITY_CHANNEL)
    chat = Chat(database, at("2026-11-02 08:00"))
    chat.wake("2026-11-02 08:00")
    return chat


def readable(value: object) -> str:
    """Everything in the card that can be read, and nothing of what its buttons carry."""
    return "\n".join(_texts(value))


def readable_card(card: Card) -> str:
    return readable(draw(card, "n"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from (text for name in _READ if isinstance(text := value.get(name), str))
        for name, part in value.items():
            # Most are words and numbers, and there are very many of them.
            if name != "data" and isinstance(part, dict | list):
                yield from _texts(part)


def size(card: Json) -> int:
    """Bytes on the wire."""
    return len(json.dumps(card, ensure_ascii=False).encode())


def logged(tx: Transaction, act: Act) -> list[str]:
    return [subject for _, _, subject in acts(tx, act)]
