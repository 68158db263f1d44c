"""Two municipalities that differ in a serious signal at a small unit alone: outside the quality team all is the same.

Compared byte for byte over months: what is answered, sent, drawn and written, to everyone but the quality team and
the one who raised the signal.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from random import Random

import pytest

from bot.local.terminal import NumberedAction, actions_of
from dialogs.commands.registered import COMMANDS
from documents.report.material import material_of, public_material
from documents.report.words import Words
from documents.report.year_documents import drawn_document
from followup import UnitId
from followup.figures.public_year import public_year
from followup.messages.operation import CheckpointDue
from services.selection.year import facts_of_year
from storage.engine.database import Database
from storage.messages import conversations
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.register import people
from storage.risk import scores
from tests.conftest import open_file
from tests.support.builders import Register, at
from tests.support.desk import NOT_NOTIFIED
from tests.support.turns import ANEW, CHANNEL, SAY, SERVICE, SLAP, Chat, Client
from tests.support.year_stage import DATES
from texts.catalogue import Texts

pytestmark = pytest.mark.sqlite("går genom genererade städer och månader, som bara SQLite har tid med")

# A longer walk: WALK_WORLDS=30 (make walk).
WORLDS = int(os.environ.get("WALK_WORLDS", "3"))
SMALL = "Lillhem"
STARTS, ENDS = "2026-03-02 08:00", "2026-10-12 09:00"
MOMENTS = ("2026-03-09 08:00", "2026-04-01 08:00", "2026-05-04 08:00")
FILES = ("public", "annex", "stratsys")
# What only shows: pressed wherever it is offered.
READING = {
    "show_unit",
    "show_provider",
    "status",
    "alerts",
    "own_faults",
    "unanswered",
    "digest_now",
    "digest",
}
READERS = ("bilal", "cecilia", "maria", "olof", "adam")
FORMS = ("hvb", "stodboende")
Typed = Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """What both worlds have alike: the homes with their children, and what else is told, where."""

    children: int
    others: tuple[int, ...]
    told: tuple[tuple[int, Typed], ...]
    months: tuple[bool, ...]


@dataclass(frozen=True)
class Worlds:
    """How the two differ; `more` is one more signal of the other."""

    one: Typed
    other: Typed
    more: Typed | None = None


def plan(seed: int) -> Plan:
    chance = Random(seed)
    others = tuple(chance.choice([0, 1, 2, 3, 5, 6]) for _ in range(5))
    filled = [place for place, number in enumerate(others, 2) if number]
    told = tuple((chance.choice(filled), _mild(chance)) for _ in range(chance.randrange(4))) if filled else ()
    return Plan(chance.choice([1, 2]), others, told, tuple(chance.random() < 0.7 for _ in MOMENTS))


def _mild(chance: Random) -> Typed:
    kind = chance.choice(("deviation", "complaint"))
    return {"kind": kind, "consequence": chance.choice("123"), "marks": "", "event_on": "2026-03-01"}


def _serious(chance: Random) -> Typed:
    return {
        "kind": chance.choice(("deviation", "complaint")),
        "event_on": f"2026-02-{chance.randrange(1, 28):02d}",
        "consequence": "4",
        "marks": chance.choice(("violence", "abuse", "injury", "serious_wrong")),
        "source": chance.choice(("child", "guardian", "staff")),
        "occurred": chance.choice(("happened", "tangible_risk")),
        "text": f"Text {chance.random()}",
    }


def differing(seed: int) -> Worlds:
    """In all at once, in one thing, or in that there was something more."""
    chance = Random(seed + 1000)
    one, other = _serious(chance), _serious(chance)
    if seed % 3 == 1:
        name = chance.choice([*one])
        other = {**one, name: other[name]}
    # It weighs nothing, since the band is told and may differ otherwise.
    praise = {**_serious(chance), "kind": "remark", "tone": "praise", "consequence": "", "marks": ""}
    more = praise if seed % 3 == 2 else None
    return Worlds(one, other, more)


@dataclass
class Outside:
    """All that leaves the bot to anybody but the quality team and the raiser, in the order that it came."""

    chat: Chat
    seen: list[tuple[str, str]] = field(default_factory=list)

    def ask_everything(self) -> None:
        for key in READERS:
            self._ask(self.chat.client(key))
        self._ask(self.chat.client("kim", channel=True))

    def _ask(self, client: Client) -> None:
        words = [one.words[0] for one in COMMANDS]
        names = (SMALL, "Hem 2")
        pressed = set[str]()
        for text in (*words, *(f"utförare {name}" for name in names)):
            answer = client.say(text)
            self._note(f"{client.key} says {text}", [answer.card, answer.text, answer.notice, answer.summary])
            for found in actions_of(answer.card) if answer.card else []:
                if found.action["verb"] in READING and (carried := _carried(found)) not in pressed:
                    pressed.add(carried)
                    shown = client.send(found, {})
                    self._note(f"{client.key} presses {found.title}", [shown.card, shown.notice])

    def read_what_came(self) -> None:
        for client in (*map(self.chat.client, READERS), self.chat.client("karin", channel=True)):
            # How many entries the access log has is for the administrator, who reads all of it.
            for one in (one for one in client.shown if one.kind != CheckpointDue.kind):
                self._note(f"{client.key} gets {one.kind}", [one.card, one.summary])

    def open_the_files(self) -> None:
        with self.chat.database.transaction() as tx:
            facts = facts_of_year(tx, 2026, DATES, self.chat.now)
        public = public_material(public_year(facts, 5), "Vikåsa kommun", Words(Texts("sv").say))
        for name in FILES:
            self._note(name, drawn_document(material_of(facts, public), name).content.hex())

    def _note(self, what: str, said: object) -> None:
        self.seen.append((what, json.dumps(said, ensure_ascii=False)))


def _carried(found: NumberedAction) -> str:
    """What the button asks for, which one answer after the other may offer in the same moment."""
    carried = {name: value for name, value in found.action["data"]["card"].items() if name != "nonce"}
    return json.dumps([found.action["verb"], carried])


def filled(database: Database, one: Plan) -> Chat:
    with database.transaction() as tx:
        register = Register(tx)
        maria = register.person("maria", "manager")
        olof = register.person("olof", "manager", team="Unga")
        register.person("adam", "admin")
        for key in ("karin", "kim"):
            register.person(key, "quality", manager_id=maria)
        workers = [register.person(key, manager_id=maria) for key in ("anna", "bilal")]
        workers.append(register.person("cecilia", team="Unga", manager_id=olof))
        small = register.unit("E1", name=SMALL)
        for _ in range(one.children):
            register.placement(workers[0], small, starts="2025-01-01")
        for number, children in enumerate(one.others, 2):
            unit = register.unit(f"E{number}", name=f"Hem {number}", form=FORMS[number % 2])
            for place in range(children):
                register.placement(workers[place % 3], unit, starts="2025-01-01")
        conversations.remember(tx, Address(CHANNEL, SERVICE), at("2026-03-01"), channel=QUALITY_CHANNEL)
    chat = Chat(database, at(STARTS))
    chat.wake(STARTS)
    return chat


def tell(chat: Chat, unit: int, typed: Typed, key: str = "anna") -> None:
    client = chat.client(key)
    client.say("avvikelse")
    client.press(SAY("signal.hand_in"), {**SLAP, "unit": str(unit), **typed})
    assert SAY("signal.received_title") in client.words
    chat.deliver()


def begun(database: Database, one: Plan, serious: Typed, _: Typed | None = None) -> Outside:
    """One world until the serious signal has been told of, and what everybody is answered then."""
    chat = filled(database, one)
    for unit, typed in one.told:
        tell(chat, unit, typed, "bilal")
    outside = Outside(chat)
    tell(chat, 1, serious)
    outside.ask_everything()
    return outside


def lived(database: Database, one: Plan, serious: Typed, more: Typed | None) -> Outside:
    """The months of one world: signals, an alert that is taken and closed, reports, and two who move in."""
    outside = begun(database, one, serious)
    chat = outside.chat
    for number, (moment, answers) in enumerate(zip(MOMENTS, one.months, strict=True)):
        if number == 1:
            _tell_more(chat, more)
        if answers:
            _answer(chat)
        _work(chat, number)
        chat.wake(moment)
    outside.ask_everything()
    chat.wake(ENDS)
    outside.ask_everything()
    outside.read_what_came()
    outside.open_the_files()
    return outside


def _tell_more(chat: Chat, more: Typed | None) -> None:
    """As many turns in either world, since they are counted in what buttons carry."""
    if more is not None:
        tell(chat, 1, more)
        return
    for _ in range(2):
        chat.client("anna").say("avvikelse")


def _answer(chat: Chat) -> None:
    bilal = chat.client("bilal")
    bilal.say("mina")
    forms = [one for one in actions_of(bilal.card) if one.action["verb"] == "open_form"]
    for form in forms[:2]:
        bilal.send(form, {})
        bilal.press(SAY("report.hand_in"), {**ANEW, "private_talk_on": "", "provider_report": "not_arrived"})
        bilal.say("mina")


def _work(chat: Chat, number: int) -> None:
    """The quality team takes the small unit's alert, closes it, and two more children come there."""
    karin = chat.client("karin")
    if number == 0:
        in_channel = chat.client("kim", channel=True)
        in_channel.card = chat.client("karin", channel=True).shown[-1].card
        in_channel.forge("take_alert", {"alert": 1})
    elif number == 1:
        karin.forge(
            "close_alert", {"alert": 1}, {**NOT_NOTIFIED, "decided_on": "2026-03-09", "reason": "Klart."}
        )
    else:
        with chat.database.transaction() as tx:
            anna = people.by_key(tx, "anna")
            assert anna is not None
            register = Register(tx, count(100))
            for _ in range(2):
                register.placement(anna.id, UnitId(1), starts="2026-04-02")


def standing(outside: Outside) -> object:
    """What may be seen of it: the band at every month's end and now."""
    with outside.chat.database.transaction() as tx:
        latest = scores.latest(tx, UnitId(1))
        return latest and latest.shown, {
            day: one.shown for day, one in scores.month_ends(tx, UnitId(1)).items()
        }


def pair(
    migrated: Path,
    directory: Path,
    one: Plan,
    worlds: Worlds,
    live: Callable[[Database, Plan, Typed, Typed | None], Outside] = lived,
) -> Iterator[Outside]:
    for number, (serious, more) in enumerate(((worlds.one, None), (worlds.other, worlds.more))):
        path = directory / f"{number}.db"
        shutil.copy(migrated, path)
        database = open_file(path)
        try:
            outside = live(database, one, serious, more)
            yield replace(outside, seen=[*outside.seen, ("band", repr(standing(outside)))])
        finally:
            database.close()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(WORLDS))
def test_outside_the_quality_team_the_two_worlds_are_the_same(
    migrated: Path, tmp_path: Path, seed: int
) -> None:
    one, other = pair(migrated, tmp_path, plan(seed), differing(seed))
    assert len(one.seen) > 200
    for here, there in zip(one.seen, other.seen, strict=True):
        assert here == there


@pytest.mark.long
def test_the_comparison_finds_what_may_be_known(migrated: Path, tmp_path: Path) -> None:
    """That an alert came, and the band, are told at once: a world without them looks otherwise."""
    mild = {**_mild(Random(0)), "consequence": "1"}
    told = Worlds(_serious(Random(1)), {**_serious(Random(1)), **mild})
    one, other = pair(migrated, tmp_path, plan(0), told, begun)
    assert one.seen != other.seen
