"""Everybody types something odd, in the chat and in every field of every card, and is looked after where it leads."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.local.fields import Input, InputKind
from bot.local.terminal import actions_of, inputs_of
from bot.turns import Answer
from dialogs.commands.registered import COMMANDS
from followup.people import Person, may
from storage.register import people
from tests.support.sentence_walk import SentenceWalk, words_of
from tests.support.told import Told
from tests.support.turns import Client, Json

OTHERS = "AKT-2"
ODD = (
    *("🦊🦊", " ", "…", "?", "x" * 4000, OTHERS, "A-99", "12345", "-1", "nej", "avbryt", "Ångra!", "ja"),
    *(
        '"Karin Test"',
        "påminn \u201dBilal\u201c",
        "\u202eneväR\u202c",
        "\u2067ילד\u2069",
        "<b>mina</b>",
        "**läge**",
    ),
    *(
        "what can you do?",
        "cancel",
        "no",
        "hello",
        "läge läge mina",
        "mina\x00",
        "signal\n\n\nhjälp",
        "31/2",
        "2026-02-30",
    ),
)


@dataclass
class OddWalk(SentenceWalk):
    """`dead` are the answers from which nothing leads on: nothing to press, and no sentence that says what to type.

    What is only said beside a card leaves that card to press.
    """

    dead: list[str] = field(default_factory=list)
    met: "Counter[str]" = field(default_factory=Counter)

    def through(self) -> "OddWalk":
        for person in self._everybody():
            for typed in ODD:
                self._say(person, typed)
        for person, word in self._commands():
            self._say(person, word)
            self._press_all(person)
        self.connection.close()
        return self

    def _everybody(self) -> list[Person]:
        """One of each role."""
        with self.chat.database.transaction() as tx:
            everyone = [one for one in people.everyone(tx).values() if one.active]
        return list({one.role: one for one in everyone if one.key in self.town.keys}.values())

    def _commands(self) -> Iterator[tuple[Person, str]]:
        """Each command for one who has it, everybody in turn."""
        everybody = self._everybody()
        for at, command in enumerate(COMMANDS):
            having = [one for one in everybody if may(one, command.conversation)]
            if having:
                yield having[at % len(having)], command.words[0]

    def _say(self, person: Person, typed: str) -> None:
        client, then = self.chat.client(person.key), self._then()
        before = then.counts()
        answer = client.say(typed)
        self._hold(self._told(person, answer, before, typed, {}))
        self._leads_on(person, client, answer, typed, None)

    def _press_all(self, person: Person) -> None:
        """Each button that nobody has pressed yet, with something odd in each field; then those that it leads to."""
        client = self.chat.client(person.key)
        card = client.card
        for button in actions_of(card):
            verb = button.action.get("verb", "")
            if not verb or verb in self.met:
                continue
            self.met[verb] += 1
            takes = str(button.action.get("associatedInputs", "auto")).lower() != "none"
            inputs = {one.id: self._odd(one) for one in inputs_of(card)} if takes else {}
            before = self._then().counts()
            answer = client.send(button, inputs)
            carried = button.action["data"]["card"]
            self._hold(self._told(person, answer, before, "", inputs, carried))
            self._leads_on(person, client, answer, f"{button.title} {inputs}", card)
            self._press_all(person)

    def _odd(self, one: Input) -> str:
        if one.kind is InputKind.TOGGLE and self.chance.random() < 0.5:
            return "true"
        return self.chance.choice(ODD)

    def _told(
        self,
        person: Person,
        answer: Answer,
        before: "dict[str, int]",
        typed: str,
        inputs: dict[str, str],
        carried: Json | None = None,
    ) -> Told:
        self.turns += 1
        then = self._then()
        [who] = then.rows("select * from person where key = :key", key=person.key)
        return Told(then, who, words_of(answer), typed, inputs, carried or {}, before)

    def _leads_on(
        self, person: Person, client: Client, answer: Answer, typed: str, pressed: Json | None
    ) -> None:
        said = "\n".join(words_of(answer))
        has_button = bool(answer.card and actions_of(answer.card))
        # What is only said beside a card leaves it as it was, with its buttons.
        stays = pressed is not None and not answer.card and bool(said)
        words = {word for one in COMMANDS if may(person, one.conversation) for word in one.words}
        named = any(f" skriv {word} " in f" {_plain(said)} " for word in words)
        # Thanks need no more than a word.
        if not (has_button or stays or named or typed == "tack"):
            self.dead.append(f"{person.key} after {typed[:80]!r}: {said[:400]!r}")


def _plain(text: str) -> str:
    return re.sub(r"[\s.,:;?!\"”]+", " ", text.casefold())
