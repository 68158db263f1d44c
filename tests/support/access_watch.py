"""Requests at random to the bot, and all that leaves it held against the table of who may see what."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select

from bot import turns
from bot.cards import draw
from bot.local.terminal import NumberedAction, actions_of, inputs_of
from bot.turns import Answer
from dialogs.commands.registered import COMMANDS, VERBS
from dialogs.messages.message_replies import say_now
from dialogs.turn import Press, Said
from followup import PersonId, PlacementId, UnitId
from followup.access.access import IN_CHANNEL, Access, DataKind, Reach
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.log.subject import What
from followup.people import Person, Role
from followup.placement import open_days
from storage.engine.database import Transaction
from storage.engine.tables import access_log as access_log_table
from storage.engine.tables import person as person_table
from storage.engine.tables import report_task, signal, signal_version
from storage.log import access_log
from storage.messages import settling
from storage.register import people, placements
from tests.support.access_pages import PageWalker
from tests.support.access_town import NOW, TODAY, Responsibility, Secret, Town, days_told
from tests.support.builders import aad, claim_one
from tests.support.turns import ANEW, CHANNEL, SERVICE, SLAP

PER_TRANSACTION = 210
# Days that were named in the question stand in the answer as such, whoever asked (`help.as_of_now`).
ASKED = re.compile(r"(You asked about|Du frågade om) [^.]*–[^.]*\.")
# Requests to the workspace in each transaction.
PAGES = 13
# What the buttons of cards carry; a new verb's own names come to be tried when they are added here.
NUMBERS = (
    "task",
    "version",
    "blocks",
    "start",
    "provider",
    "alert",
    "unit",
    "signal",
    "person",
    "follow_up",
    "action",
    "worker",
)
REPORTS = ("R", "U")


@dataclass(frozen=True)
class Sighting:
    """A kind of data that reached somebody, and how near it is to that person."""

    role: Role
    kind: DataKind
    channel: bool = False
    own: bool = False
    owned: bool = False
    own_people: bool = False
    reasoned: bool = False
    wrote: bool = False
    few: bool = False
    unannounced: bool = False
    judged: bool = False


def permitted(access: Access, seen: Sighting) -> bool:
    if seen.unannounced and (seen.channel or seen.role != Role.QUALITY):
        return False
    if seen.few or (seen.channel and seen.kind not in IN_CHANNEL):
        return False
    reach = access.reach(seen.role, seen.kind)
    near = {
        Reach.NOTHING: False,
        Reach.OWN: seen.own,
        Reach.OWNED: seen.own and seen.owned,
        Reach.OWN_PEOPLE: seen.own_people,
        Reach.AFTER_VERDICT: seen.judged,
        Reach.WITH_REASON: seen.reasoned
        or (seen.wrote and seen.kind in (DataKind.NOTES, DataKind.SIGNAL_TEXT)),
        Reach.ALL: True,
    }
    return seen.channel or near[reach]


def violations(seen: Iterable[Sighting], access: Access) -> list[Sighting]:
    return [one for one in seen if not permitted(access, one)]


@dataclass
class Watch:
    """Everything that left the bot, counted, with one example of each kind of sighting."""

    town: Town
    municipality: Municipality = USUAL_MUNICIPALITY
    requests: int = 0
    cards: int = 0
    seen: "Counter[Sighting]" = field(default_factory=Counter)
    examples: dict[Sighting, str] = field(default_factory=dict)
    last: dict[tuple[str, bool], dict[str, Any]] = field(default_factory=dict)
    had: set[tuple[str, str]] = field(default_factory=set)
    unlogged: list[str] = field(default_factory=list)
    pages: int = 0
    shown_on_pages: "Counter[tuple[Role, DataKind]]" = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.walker = PageWalker(self.town.database, self.municipality, len(self.town.secrets))
        self.pattern, self.chance = self.town.pattern(), self.town.chance

    def run(self, number: int) -> "Watch":
        with self.town.database.transaction() as tx:
            self._deliver(tx)
        while self.requests < number:
            self.last, self.had = {}, set()
            with self.town.database.engine.connect() as connection, connection.begin() as begun:
                tx = Transaction(connection, self.town.database.vault)
                for _ in range(PER_TRANSACTION):
                    self._request(tx)
                self._deliver(tx)
                # Last, so that what is asked in the chat is told from nothing that a page has logged.
                for _ in range(PAGES):
                    self._page(tx)
                begun.rollback()
        return self

    def _request(self, tx: Transaction) -> None:
        key = self.chance.choice([*self.town.keys, "nobody"])
        channel = self.chance.random() < 0.15
        said = self._said(key, channel)
        person = people.by_teams_id(tx, said.teams_id, said.tenants)
        nonce = f"{self.requests:032x}"
        answer = turns.take(tx, said, NOW, nonce, self.municipality)
        if answer.to_read is not None:
            read = turns.read_after(tx, said, answer.to_read, NOW, self.municipality)
            answer = turns.show(tx, said, answer, read, NOW, nonce)
        self.requests += 1
        self.cards += answer.card is not None
        if answer.card is not None:
            self.last[key, channel] = answer.card
        self._look(tx, person, channel, answer, said)

    def _page(self, tx: Transaction) -> None:
        """One more request, to the workspace, by one of those who may have a session."""
        person = people.by_key(tx, self.town.keys[self.pages % len(self.town.keys)])
        self.pages += 1
        if person is None or not person.active:
            return
        before = Counter(self.seen)
        shown, typed = self.walker.request(tx, person, self._page_inputs())
        reasoned = frozenset[int]()
        self._note(tx, person, False, shown, typed=typed, reasoned=reasoned)
        self.shown_on_pages.update((one.role, one.kind) for one in self.seen - before)

    def _page_inputs(self) -> dict[str, str]:
        """As in a card, but by a chance of its own, so that what is asked in the chat is as it was."""
        chance, self.chance = self.chance, self.walker.chance
        inputs = self._inputs()
        self.chance = chance
        return {**inputs, "why_read": ""}

    def _said(self, key: str, channel: bool) -> Said:
        text, press = "", None
        shown, how = self.last.get((key, channel)) or self.last.get((key, False)), self.chance.random()
        if how < 0.25:
            text = self._words()
        elif how < 0.75 and shown and (buttons := actions_of(shown)):
            press = self._pressed(shown, buttons)
        else:
            # What takes a reason is read so seldom else that none of some roles would come to it.
            verb = self.chance.choice([*VERBS, *["signal_text"] * 8])
            press = Press(verb, self._data(), self._inputs())
        return Said(
            teams_id=aad(key),
            conversation_id=CHANNEL if channel else f"a:{key}",
            activity_id=f"activity-{self.requests}",
            service_url=SERVICE,
            text=text,
            press=press,
            channel=channel,
        )

    def _words(self) -> str:
        words = [word for one in COMMANDS for word in one.words if word[0] not in "?h"]
        word = self.chance.choice([*words, *["avvikelse"] * 8, "", "xyz", "mian"])
        after = self.chance.choice(["", "", *self.town.secrets, "A-1", "K-2", "R-3", *map(str, range(1, 17))])
        return f"{word} {after}"

    def _pressed(self, shown: dict[str, Any], buttons: Sequence[NumberedAction]) -> Press:
        """A button of the newest card, with what stands in its fields and now and then something else."""
        button = self.chance.choice(buttons)
        inputs = {one.id: one.value for one in inputs_of(shown)}
        if self.chance.random() < 0.6:
            inputs |= {name: value for name, value in self._inputs().items() if name in inputs}
        return Press(button.action["verb"], button.action["data"]["card"], inputs)

    def _data(self) -> dict[str, object]:
        data: dict[str, object] = {
            name: self.chance.randrange(1, 31) for name in NUMBERS if self.chance.random() < 0.8
        }
        if self.chance.random() < 0.5:
            data |= {"version": self.chance.randrange(2), "correct": True}
        data["item"] = f"{self.chance.choice('AKSORU')}-{self.chance.randrange(1, 25)}"
        data["ticked"] = self.chance.sample(range(1, 40), 5)
        if self.chance.random() < 0.3:
            data["nonce"] = self.chance.choice([f"{self.requests - 1:032x}", f"d{self.chance.randrange(40)}"])
        return data

    def _inputs(self) -> dict[str, str]:
        inputs = {f"normal{n}": "true" for n in self.chance.sample(range(1, 40), 10)}
        inputs |= {**ANEW, "signals": self.chance.choice(["none", "some"])} | SLAP
        inputs |= {f"s1.{name}": value for name, value in SLAP.items()} if self.chance.random() < 0.3 else {}
        inputs["cause"] = self.chance.choice(["provider", "authority"])
        for name in ("placement", "unit", "substitute"):
            inputs[name] = self.chance.choice(["-", str(self.chance.randrange(1, 20))])
        inputs["item"] = f"{self.chance.choice('AKR')}-{self.chance.randrange(1, 25)}"
        inputs["why_read"] = self.chance.choice(["", "assess_alert", "review_evidence", "other"])
        inputs["why_words"] = self.chance.choice(["", "Ska bedöma."])
        inputs["reason"] = self.chance.choice(["", "Ska tala med den som ansvarar."])
        inputs |= {"starts": "2026-11-05", "ends": "2026-11-09", "day": "2026-11-06"}
        return inputs

    def _look(
        self, tx: Transaction, person: Person | None, channel: bool, answer: Answer, said: Said
    ) -> None:
        # A card is shown to whoever looks at the channel only when it is an answer there.
        out = json.dumps(
            [answer.card, answer.summary, answer.text, answer.notice], ensure_ascii=False, default=str
        )
        out = ASKED.sub("", out)
        typed = (
            "" if channel else json.dumps([said.text, vars(said.press) if said.press else {}], default=str)
        )
        typed += days_told(self.pattern.findall(typed))
        reasoned = self._reasoned(tx, said)
        self._note(tx, person, channel, out, typed=typed, reasoned=reasoned, again=answer.again)

    def _reasoned(self, tx: Transaction, said: Said) -> frozenset[int]:
        """The placement that a reason was given for, with the day, the case or the text that belong to it."""
        press = said.press
        if press is not None and press.verb == "signal_text" and press.inputs.get("why_read"):
            return self._read_with_reason(tx)
        if press is not None and press.verb in ("report_text", "report_text_form"):
            return self._report_read(tx)
        if press is None or press.verb != "show_reference" or not press.inputs.get("reason", "").strip():
            return frozenset()
        logged = [one for one in access_log.everything(tx) if one.entry.reason]
        return frozenset(int(one.id) for one in logged[-1].entry.seen) if logged else frozenset()

    def _read_with_reason(self, tx: Transaction) -> frozenset[int]:
        """The placement of the signal whose text was the last to be logged with a reason."""
        logged = [one.entry.subject for one in access_log.everything(tx) if one.entry.reason]
        read = [one.id for one in logged if one.what == What.SIGNAL_TEXT]
        number = int(read[-1]) if read else 0
        placement_id = tx.connection.execute(
            select(signal.c.placement_id).where(signal.c.id == number)
        ).scalar_one_or_none()
        return frozenset({placement_id} if placement_id else set())

    def _report_read(self, tx: Transaction) -> frozenset[int]:
        """The placement of the report that was read last, where the reader has given a reason for it."""
        read = [one.entry for one in access_log.everything(tx) if one.entry.subject.what == What.REPORT_TEXT]
        given = [
            one for one in read if (one.subject, one.person_id) == (read[-1].subject, read[-1].person_id)
        ]
        if not any(one.reason for one in given):
            return frozenset()
        placement_id = _placement_of(tx, int(read[-1].subject.id[2:]))
        return frozenset({placement_id} if placement_id else set())

    def _deliver(self, tx: Transaction) -> None:
        """Words everything that is due, as its recipient would get it."""
        while (delivery := claim_one(tx, "watch", NOW)) is not None:
            card = say_now(tx, delivery, NOW, self.municipality)
            settling.settle(tx, delivery.id, "sent" if card else "cancelled", sent_at=NOW)
            if card is None:
                continue
            person = people.everyone(tx).get(delivery.person_id) if delivery.person_id else None
            drawn = draw(card, f"d{delivery.id}", person.language if person else "sv")
            out = json.dumps([drawn, card.summary], ensure_ascii=False)
            self._note(tx, person, delivery.channel is not None, out)
            if person is not None:
                self.last[person.key, False] = drawn

    def _note(
        self,
        tx: Transaction,
        person: Person | None,
        channel: bool,
        out: str,
        *,
        typed: str = "",
        reasoned: frozenset[int] = frozenset(),
        again: bool = False,
    ) -> None:
        found = {word for word in self.pattern.findall(out) if word not in typed}
        if not found:
            return
        role = person.role if person and person.active else Role.ADMIN
        now, key = Responsibility.read(tx), person.key if person else ""
        for word in found:
            if again and (key, word) in self.had:
                continue
            self.had.add((key, word))
            secret = self._secret(tx, word)
            if secret is None:
                continue
            opened = reasoned | ({secret.placement_id or 0} if _is_opened(tx, key, secret) else set())
            seen = _sighting(tx, role, person, channel, secret, now, opened)
            self.seen[seen] += 1
            self.examples.setdefault(seen, f"{word} to {key or 'the channel'} in {out[:3000]}")
            if seen.role == Role.QUALITY and seen.kind == DataKind.CASE_REFERENCE and not reasoned:
                self.unlogged.append(word)

    def _secret(self, tx: Transaction, word: str) -> Secret | None:
        if word in self.town.secrets:
            return self.town.secrets[word]
        letter, number = word[0], int(word[2:])
        if letter == "L":
            return Secret(DataKind.ALERT)
        if letter in REPORTS:
            return Secret(DataKind.EVIDENCE, placement_id=_placement_of(tx, number))
        row = tx.connection.execute(_TOLD, {"number": number}).one_or_none()
        if row is None:
            # A number in an example, of nothing there is.
            return None
        return Secret(
            DataKind.EVIDENCE, placement_id=row.placement_id, unit_id=row.unit_id, author_id=row.author_id
        )


_TOLD = (
    select(signal.c.placement_id, signal.c.unit_id, signal_version.c.author_id)
    .join(signal_version, signal_version.c.signal_id == signal.c.id)
    .where(signal.c.id == bindparam("number"), signal_version.c.version == 1)
)
_OF_TASK = select(report_task.c.placement_id).where(report_task.c.id == bindparam("number"))
_GIVEN = (
    select(access_log_table.c.id)
    .join(person_table, person_table.c.id == access_log_table.c.person_id)
    .where(
        person_table.c.key == bindparam("key"),
        access_log_table.c.subject == bindparam("subject"),
        access_log_table.c.reason.is_not(None),
    )
)


def _placement_of(tx: Transaction, task_id: int) -> PlacementId | None:
    """None of a number that no task has."""
    return tx.connection.execute(_OF_TASK, {"number": task_id}).scalar_one_or_none()


def _is_opened(tx: Transaction, key: str, secret: Secret) -> bool:
    """Whether the person has given a reason for the texts about the very signal, as the log has it."""
    if secret.signal_id is None:
        return False
    subject = str(What.SIGNAL_TEXT.of(secret.signal_id))
    return tx.connection.execute(_GIVEN, {"key": key, "subject": subject}).first() is not None


def _sighting(
    tx: Transaction,
    role: Role,
    person: Person | None,
    channel: bool,
    secret: Secret,
    now: Responsibility,
    reasoned: frozenset[int],
) -> Sighting:
    person_id = person.id if person else 0
    placement_id = secret.placement_id or PlacementId(0)
    of_people = secret.person_id or secret.author_id
    opened = placement_id in reasoned
    return Sighting(
        role=role,
        kind=secret.kind,
        channel=channel,
        own=now.answers_for.get(placement_id) == person_id or secret.author_id == person_id,
        owned=now.owner.get(placement_id) == person_id,
        own_people=person_id in now.manager_of.get(of_people or PersonId(0), frozenset()),
        reasoned=opened,
        wrote=secret.author_id == person_id,
        few=role == Role.MANAGER
        and secret.kind in (DataKind.EVENT_DAY, DataKind.EVIDENCE)
        and _is_small(tx, secret.unit_id),
        unannounced=secret.unannounced,
        judged=secret.judged,
    )


def _is_small(tx: Transaction, unit_id: UnitId | None) -> bool:
    """All of the town came before the first event, so what is open today decides."""
    spans = placements.spans(tx, unit_id) if unit_id else []
    return unit_id is not None and sum(open_days(starts, ends, TODAY, TODAY) for starts, ends in spans) < 3


def narrowed(access: Access, role: Role, kind: DataKind) -> Access:
    """The table with one thing less in it."""
    return with_reach(access, role, kind, Reach.NOTHING)


def with_reach(access: Access, role: Role, kind: DataKind, reach: Reach) -> Access:
    sight: dict[DataKind, Mapping[Role, Reach]] = {**access.sight, kind: {**access.sight[kind], role: reach}}
    return Access(access.conversations, sight)
