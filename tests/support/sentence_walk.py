"""A town walked through for months: people type and press, the clock wakes, and things happen in the register.

Everything that anybody is shown is held against the claims of its sentences.
"""

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import update

from bot.cards import draw
from bot.local.fields import Input, InputKind
from bot.local.player import inputs_for
from bot.local.terminal import NumberedAction, actions_of, inputs_of
from bot.turns import Answer
from dialogs.commands.registered import COMMANDS
from dialogs.messages.message_replies import say_now
from followup import PersonId
from scheduler.jobs import Times
from scheduler.waking import tick
from storage.engine.database import Transaction
from storage.engine.tables import person, placement
from storage.imports import ownership
from storage.messages import settling
from storage.month import reports
from storage.register import people
from tests.support.builders import Register, claim_one
from tests.support.claims import broken
from tests.support.municipality import STEADY
from tests.support.scored import scored_at_once
from tests.support.sentence_town import BEGINS, HOMES, Town, go_on_leave
from tests.support.told import Then, Told
from tests.support.turns import ANEW, SLAP, Chat, Json, readable
from tests.support.unanswered import unanswered

# Typed with a word after them now and then: a home, a number that there is or is not, a month, an alias, nonsense.
AFTER = ("", "", "", *HOMES, "A-1", "A-4", "K-3", "A-99", "R-2", "oktober", "räven", "på torsdag", "xyz")
# What a form must have to be taken.
RIGHT = frozenset({*ANEW, *SLAP, *(f"s1.{name}" for name in SLAP)}) - {"signals", "unit", "placement"}
OFTEN = ("mina", "rätta", "påminn", "ledig", "signal", "läge", "utförare", "obesvarade", "larm", "veckobrev")


@dataclass
class SentenceWalk:
    town: Town
    turns: int = 0
    heard: "Counter[str]" = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    before: dict[str, list[Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chat = Chat(self.town.database, BEGINS)
        self.chance: Random = self.town.chance
        self.file = Path(self.town.database.url.removeprefix("sqlite:///"))
        self.connection = sqlite3.connect(self.file)

    def run(self, turns: int, each: int = 12) -> "SentenceWalk":
        while self.turns < turns:
            self._wake()
            for _ in range(each):
                self._turn()
        self.connection.close()
        return self

    def _wake(self) -> None:
        """Some hours or days later; now and then on the first morning of a month or the day after a last day."""
        step = self.chance.choice([timedelta(hours=5), *(timedelta(days=one) for one in (1, 1, 2, 3, 5, 9))])
        later = (self.chat.now + step).replace(hour=self.chance.choice([7, 8, 12, 15]))
        self.chat.now = later if later > self.chat.now else self.chat.now + step
        with self.chat.database.transaction() as tx:
            self._happens(tx)
            tick(tx, self.chat.now, Times(rounds=self.chat.days))
        while self._delivered():
            pass

    def _happens(self, tx: Transaction) -> None:
        """What nobody does in a chat: the register is read in, somebody is ill, leaves, or comes back."""
        today, what = self.chat.now.date(), self.chance.random()
        workers = [one for one in people.everyone(tx).values() if one.role == "worker"]
        one, other = self.chance.sample(workers, 2)
        if what < 0.15:
            go_on_leave(tx, one.id, self.chance.choice([other.id, None]), today, self.chance.randrange(12))
        elif what < 0.3:
            active = not one.active
            tx.connection.execute(update(person).where(person.c.id == one.id).values(active=active))
        elif what < 0.55:
            self._placements_change(tx, one.id)
        elif what < 0.6:
            tx.connection.execute(update(person).where(person.c.id == one.id).values(team="Unga"))
        elif what < 0.7:
            self._all_is_answered(tx)

    def _all_is_answered(self, tx: Transaction) -> None:
        """Whatever is left in the open rounds, each by the one who answers for it, or by her who owns it."""
        for one in unanswered(tx, self.chat.now):
            author = one.person_id or one.task.placement.owner_id
            if author is not None:
                reports.save(tx, one.task.id, STEADY, by_statement=False, author_id=author, now=self.chat.now)

    def _placements_change(self, tx: Transaction, owner: PersonId) -> None:
        """One ends, one begins, or one gets another owner; and the home is measured anew, as when a file is read in."""
        today = self.chat.now.date()
        rows = tx.connection.execute(placement.select().where(placement.c.ends.is_(None))).all()
        how, one = self.chance.randrange(3), self.chance.choice(rows)
        if how == 0 and len(rows) > 3:
            ended = {
                "ends": today - timedelta(days=self.chance.randrange(3)),
                "end_reason": "planned_end",
            }
            tx.connection.execute(update(placement).where(placement.c.id == one.id).values(**ended))
        elif how == 1:
            case = f"AKT-9{self.turns:03d}"
            begins = str(today - timedelta(days=self.chance.randrange(20)))
            Register(tx).placement(owner, one.unit_id, case=case, starts=begins)
        else:
            ownership.hand_over(tx, [one.id], owner, today, self.chat.now)
        if one.unit_id <= len(HOMES):
            scored_at_once(tx, one.unit_id, self.chat.now)

    def _then(self) -> Then:
        return Then(self.file, self.chat.now, self.chat.now.date(), self.connection)

    def _turn(self) -> None:
        key = self.chance.choice(self.town.keys)
        client, then = self.chat.client(key), self._then()
        before, typed, inputs, carried = then.counts(), "", {}, {}
        card = self._card_of(key, client.card)
        offered = actions_of(card) if card else []
        if offered and self.chance.random() < 0.6:
            button = self.chance.choice(offered)
            inputs, carried = self._filled(card, button), button.action["data"]["card"]
            answer = client.send(button, inputs)
        else:
            typed = self._words()
            answer = client.say(typed)
        self.turns += 1
        if client.card and client.card is not card:
            self.before.setdefault(key, []).append(client.card)
        then = self._then()
        [who] = then.rows("select * from person where key = :key", key=key)
        self._hold(Told(then, who, words_of(answer), typed, inputs, carried, before))

    def _card_of(self, key: str, newest: Json) -> Json:
        """Now and then an older one, which she has scrolled back to."""
        older = self.before.get(key, [])[-6:]
        return self.chance.choice(older) if older and self.chance.random() < 0.15 else newest

    def _words(self) -> str:
        words = [*OFTEN, *OFTEN, *(one for command in COMMANDS for one in command.words)]
        return f"{self.chance.choice(words)} {self.chance.choice(AFTER)}".strip()

    def _filled(self, card: Json, button: NumberedAction) -> dict[str, str]:
        """The fields as they stand, as they should be, or with something else in them."""
        shown, how = inputs_of(card), self.chance.random()
        typed = {one.id: self._value(one) for one in shown if self.chance.random() < 0.6}
        if how < 0.6:
            day = str(self.chat.now.date() - timedelta(days=1))
            right = {**ANEW, **SLAP, "private_talk_on": day, "provider_report_on": day, "event_on": day}
            typed |= {
                one.id: right.get(one.id.partition(".")[2] or one.id, "") for one in shown if one.id in RIGHT
            }
            typed = {name: value for name, value in typed.items() if value}
        return inputs_for(card, button, typed)

    def _value(self, one: Input) -> str:
        if one.kind is InputKind.TOGGLE:
            return self.chance.choice(["true", "true", "false"])
        if one.choices:
            return self.chance.choice(one.choices).value
        if one.kind is InputKind.DATE:
            return str(self.chat.now.date() + timedelta(days=self.chance.randrange(-20, 20)))
        return self.chance.choice(["Ett skäl som duger.", "A-1", "A-3", "R-4", "Karin Test", "2"])

    def _delivered(self) -> bool:
        """As Chat delivers, and with what is said held against what is stored then."""
        with self.chat.database.transaction() as tx:
            delivery = claim_one(tx, "walk", self.chat.now)
            if delivery is None:
                return False
            card = say_now(tx, delivery, self.chat.now, self.chat.municipality)
            settling.settle(tx, delivery.id, "sent" if card else "cancelled", sent_at=self.chat.now)
        if card is not None:
            then = self._then()
            who = then.people.get(delivery.person_id) if delivery.person_id else None
            drawn = draw(card, f"d{delivery.id}", "sv")
            if who is not None:
                self.chat.client(str(who["key"])).card = drawn
            self._hold(Told(then, who, [*readable(drawn).splitlines(), card.summary]))
        return True

    def _hold(self, told: Told) -> None:
        for said, why in broken(told, self.heard):
            who = told.who["key"] if told.who else "the channel"
            where = f"{self.chat.now:%Y-%m-%d %H:%M}, {who} after {told.typed or told.carried}"
            self.broken.append(f"{said.id} {dict(said.values)}: {why}; {where}\n" + "\n".join(told.lines))


def words_of(answer: Answer) -> list[str]:
    card = readable(answer.card) if answer.card else ""
    return [
        one
        for part in (card, answer.summary, answer.text, answer.notice)
        for one in (part or "").splitlines()
    ]
