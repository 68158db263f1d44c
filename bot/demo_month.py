"""Plays a month of the demo municipality in words: the same endpoint, outbox and stand-in as the chat page's."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.clock import ManualClock, moment_after
from bot.local.mode import MovingClock, local_server
from bot.local.page import clock_text
from bot.local.player import Player
from bot.local.stand_in import StandIn
from bot.local.terminal import draw, inputs_of
from bot.opening import open_database
from bot.registering import load_demo_when_empty
from bot.settings import Settings
from followup.month.report import ANEW
from followup.month.rounds import RoundDays
from followup.times.calendar import at_municipal, nth_working_day
from followup.times.month import Month
from texts.catalogue import Texts

FIRST_MONTH = Month(2026, 11)
Write = Callable[[str], None]

NORMAL_ANSWERS = {**ANEW, "provider_report_on": "2026-11-02", "private_talk_on": "2026-10-21"}
SERIOUS_SIGNAL = {
    "signals": "some",
    "feels_safe": "no",
    "s1.kind": "deviation",
    "s1.event_on": "2026-10-30",
    "s1.consequence": "4",
    "s1.occurred": "happened",
    "s1.cause": "provider",
    "s1.source": "child",
    "s1.marks": "violence",
}


@dataclass
class Stage:
    """The running bot, its clock, and the people, each seeing what is new to them when asked to."""

    stand_in: StandIn
    clock: MovingClock
    write: Write
    say: Texts

    def __post_init__(self) -> None:
        self.players = {person.key: self._player(person.key) for person in self.stand_in.people}
        self._names = {
            person.key: f"{person.name}, {person.role_title.lower()}" for person in self.stand_in.people
        }

    def _player(self, key: str) -> Player:
        return Player(self.stand_in, key, self.settle)

    async def settle(self) -> None:
        await self.clock.bot.deliverer.drain()

    def tell(self, text: str, **values: object) -> None:
        self.write(f"\n── {self.say(f'demo.{text}', **values)}\n")

    def show(self, key: str, *, last: bool = False, only: str = "") -> None:
        """What is new in the person's chat, or only the last of it, or only what has that summary."""
        new = [one for one in self.players[key].unread() if only in ("", one.summary)]
        for message in new[-1:] if last else new:
            self.write(f"┌ {self._names[key]} · {clock_text(self.clock.now())}")
            text = draw(message.card) if message.card else message.text
            self.write("\n".join(f"│ {line}".rstrip() for line in text.splitlines()))
            self.write("└")

    def skip(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.players[key].unread()

    async def move_to(self, moment: datetime) -> None:
        await self.clock.move_to(moment)
        await self.settle()


async def play(write: Write, directory: Path) -> None:
    """From the morning that the round opens to the morning after its deadline."""
    async with _stage(write, directory) as stage:
        await _the_round_opens(stage)
        await _anna_answers(stage)
        await _the_quality_team_acts(stage)
        await _bilal_is_reminded(stage)
        await _the_manager_asks(stage)
        stage.tell("end")


@asynccontextmanager
async def _stage(write: Write, directory: Path) -> AsyncIterator[Stage]:
    clock = ManualClock(at_municipal(nth_working_day(FIRST_MONTH, 1)))
    settings = Settings(local=True, var=directory, port=0)
    database = open_database(settings, clock(), new=True)
    try:
        load_demo_when_empty(database, directory / "demo", clock(), RoundDays())
        async with local_server(settings, database, clock, None) as (stand_in, moving, _):
            yield Stage(stand_in, moving, write, Texts("sv"))
    finally:
        database.close()


async def _the_round_opens(stage: Stage) -> None:
    await stage.settle()
    stage.tell("opens")
    stage.show("anna", last=True)
    stage.tell("alerts_from_before")
    stage.show("kanalen", only=stage.say("alerts.history"))
    stage.skip(("bilal", "karin", "maria"))


async def _anna_answers(stage: Stage) -> None:
    anna = stage.players["anna"]
    normal = dict.fromkeys(_toggles(anna), "true")
    stage.tell("statements", n=len(normal))
    await anna.press(stage.say("list.send"), normal)
    stage.show("anna")
    stage.tell("form")
    await anna.press(stage.say("list.open_form"), row="AKT-23-0103")
    anna.unread()
    stage.tell("mistakes")
    await anna.press(
        stage.say("report.hand_in"),
        {**NORMAL_ANSWERS, "provider_report_on": "2027-01-01", "free_text": stage.say("demo.with_number")},
    )
    stage.show("anna")
    stage.tell("signal")
    kind = stage.say(f"choice.signal_kind.{SERIOUS_SIGNAL['s1.kind']}")
    await anna.press(stage.say("report.add_signal"), NORMAL_ANSWERS, row=kind)
    serious = {**NORMAL_ANSWERS, **SERIOUS_SIGNAL, "s1.text": stage.say("demo.event"), "free_text": ""}
    await anna.press(stage.say("report.hand_in"), serious)
    stage.show("anna", last=True)


def _toggles(player: Player) -> list[str]:
    return [field.id for field in inputs_of(player.card()) if field.id.startswith("normal")]


async def _the_quality_team_acts(stage: Stage) -> None:
    channel, karin = stage.players["kanalen"], stage.players["karin"]
    stage.tell("alert")
    stage.show("kanalen", last=True)
    await channel.press(stage.say("alert.evidence"))
    stage.tell("evidence")
    stage.show("karin", last=True)
    await channel.press(stage.say("alert.take"))
    stage.tell("taken")
    karin.unread()


async def _bilal_is_reminded(stage: Stage) -> None:
    stage.tell("third")
    await stage.move_to(at_municipal(nth_working_day(FIRST_MONTH, 3)))
    stage.show("bilal", last=True)
    await stage.players["bilal"].say(stage.say("demo.snooze"))
    stage.show("bilal")
    stage.tell("deadline")
    await stage.move_to(moment_after(at_municipal(nth_working_day(FIRST_MONTH, 10)), "next_working_day"))
    stage.show("maria", last=True)


async def _the_manager_asks(stage: Stage) -> None:
    maria = stage.players["maria"]
    for question in ("demo.status", "demo.provider"):
        stage.tell("asks", question=stage.say(question))
        await maria.say(stage.say(question))
        stage.show("maria")
