"""Lives that end at random moments over simulated months, and what the bot remembers against what others saw."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import aiohttp
from sqlalchemy import select

from bench.crash.connector import LyingConnector
from bench.crash.life import Life, live
from bench.crash.outcome import Outcome, Seen, outcome
from bench.municipality import ANSWERS, envelope
from bench.processes import LOOPBACK, free_port, workplace
from bot.listening import bound, listening, port_of
from followup.month.rounds import Task
from followup.times.calendar import at_municipal, municipal_day, next_working_day
from storage.engine import schema
from storage.engine.database import Database
from storage.engine.tables import delivery
from storage.engine.vault import Vault, new_key
from storage.month import rounds
from storage.risk import scores
from storage.times import wakes
from tests.support.builders import Register, at
from tests.support.cluster import running
from tests.support.turns import SLAP

BEGINS = at("2026-11-02 08:00")
WORKERS, EACH, UNITS = 24, 3, 6
# What it was sending when it was killed is past its lease in the next life.
SHORT_LIFE, AFTER_A_SEND, WAITS_FOR_A_SEND = 1.5, 0.8, 30.0
STARTED_WITHIN = 20.0
CALM_LIVES, CALM_LOOKS, CALM_BETWEEN = 8, 300, 0.2


class Trial:
    def __init__(self, url: str, key: str, var: Path, dice: Random, replicas: int) -> None:
        self._url, self._key, self._var, self._dice, self._replicas = url, key, var, dice, replicas
        self._database = Database(url, Vault([key]))
        self._connector, self.seen = LyingConnector(dice), Seen()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bench.crash.life"])
        self._number, self._service_url = 0, ""

    async def run(self, kills: int, seconds: float) -> Outcome:
        place, now, until = bound(LOOPBACK), BEGINS, monotonic() + seconds
        with closing(self._database):
            self._build()
            async with listening(self._connector.app(), place), aiohttp.ClientSession() as session:
                self._service_url = f"http://{LOOPBACK}:{port_of(place)}/teams/"
                while self.seen.kills < kills and monotonic() < until:
                    await self._live(session, now)
                    now += self._dice.choice((timedelta(minutes=3), timedelta(hours=5), timedelta(hours=14)))
                self._connector.calm = True
                for number in range(min(CALM_LIVES, kills)):
                    now = _morning_after(now) if number % 2 else now + timedelta(minutes=15)
                    await self._live(session, now, calm=True)
            return outcome(self._database, self.seen, self._connector, (now - BEGINS).days)

    def _build(self) -> None:
        schema.migrate(self._database)
        with self._database.transaction() as tx:
            scores.add_first_method(tx)
            register = Register(tx)
            chief = register.person("chief", "manager")
            register.person("karin", "quality")
            register.person("eva", "admin")
            units = [register.unit(f"E{number}") for number in range(UNITS)]
            for number in range(WORKERS * EACH):
                if number % EACH == 0:
                    worker = register.person(f"w{number // EACH}", manager_id=chief)
                case = f"AKT-{number // EACH}-{number % EACH}"
                register.placement(worker, units[number % UNITS], case=case, starts="2026-08-01")

    async def _live(self, session: aiohttp.ClientSession, now: datetime, *, calm: bool = False) -> None:
        ahead = now - datetime.now(UTC)  # noqa: TID251 - how far the simulated clock is from the real one.
        ports = [free_port() for _ in range(self._replicas)]
        lives = [self._born(ahead, port) for port in ports]
        self.seen.lives += len(lives)
        self._connector.today = municipal_day(now)
        try:
            # Some are killed before they have begun to listen.
            if calm or self._dice.random() < 0.9:
                await _listens(ports)
            handing_in = asyncio.create_task(self._hand_in(session, ports, now))
            await (self._until_quiet(now) if calm else self._for_a_while(now))
            self._dice.shuffle(lives)
            for one in lives:
                self._kill(one)
                await asyncio.sleep(0 if calm else self._dice.uniform(0, 0.3))
            await handing_in
        finally:
            for one in lives:
                self._kill(one)

    def _born(self, ahead: timedelta, port: int) -> ForkServerProcess:
        life = Life(self._url, self._key, self._service_url, ahead, port, self._var)
        process = self._context.Process(target=live, args=(life,), daemon=True)
        process.start()
        return process

    def _kill(self, process: ForkServerProcess) -> None:
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            self.seen.kills += not self._connector.calm
        process.join()

    async def _hand_in(self, session: aiohttp.ClientSession, ports: list[int], now: datetime) -> None:
        """Some reports, each at all replicas at once, and now and then a blow."""
        tasks = await asyncio.to_thread(self._open_tasks, now)
        for task in self._dice.sample(tasks, min(len(tasks), self._dice.randrange(4))):
            pressed = self._press("hand_in_report", task, now, {**_answers(task), **_card(task)})
            if await self._taken(session, ports, pressed):
                self.seen.reports.add(task.id)
        if tasks and self._dice.random() < 0.15:
            task = self._dice.choice(tasks)
            blow = {**SLAP, "event_on": str(municipal_day(now)), "placement": str(task.placement.id)}
            self._number += 1
            card = {"card": {"nonce": f"{self._number:032x}"}}
            if await self._taken(session, ports, self._press("hand_in_signal", task, now, {**blow, **card})):
                self.seen.signals += 1

    def _open_tasks(self, now: datetime) -> list[Task]:
        with self._database.reading() as tx:
            asked = rounds.asking_rounds(tx, now)
            tasks = rounds.tasks(tx, [one.id for one in asked], municipal_day(now)) if asked else []
        return [one for one in tasks if not one.answered]

    def _press(self, verb: str, task: Task, now: datetime, data: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        worker = f"w{task.placement.case_reference.split('-')[1]}"
        action = {"type": "Action.Execute", "title": verb, "verb": verb, "data": data}
        return {
            **envelope(f"f:{self._number}", worker, self._service_url, "uppfoljaren", "tenant"),
            "type": "invoke",
            "name": "adaptiveCard/action",
            "value": {"action": action, "trigger": "manual"},
        }

    async def _taken(self, session: aiohttp.ClientSession, ports: list[int], pressed: dict[str, Any]) -> bool:
        answers = await asyncio.gather(*(self._ask(session, port, pressed) for port in ports))
        self.seen.unanswered += not any(answers)
        return any(answers)

    async def _ask(self, session: aiohttp.ClientSession, port: int, pressed: dict[str, Any]) -> bool:
        """Whether it was answered with a card."""
        try:
            url = f"http://{LOOPBACK}:{port}/api/messages"
            async with session.post(url, json=pressed, timeout=aiohttp.ClientTimeout(20)) as answer:
                if answer.status != 200:
                    self.seen.errors.append(f"{answer.status} to {pressed['name']}")
                    return False
                said = await answer.json(content_type=None)
                return "card" in str(said.get("type", ""))
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _for_a_while(self, now: datetime) -> None:
        """Some die soon, and more in the midst of what they send, however long it takes until they do."""
        if self._dice.random() < 0.3:
            await asyncio.sleep(self._dice.uniform(0, SHORT_LIFE))
            return
        before = self._connector.answered.total()
        for _ in range(int(WAITS_FOR_A_SEND / 0.05)):
            if self._connector.answered.total() > before or not await asyncio.to_thread(self._owes, now):
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(self._dice.uniform(0, AFTER_A_SEND))

    async def _until_quiet(self, now: datetime) -> None:
        """It has done all that the clock starts, however long that takes, and nothing that is due waits any more."""
        for _ in range(CALM_LOOKS):
            await asyncio.sleep(CALM_BETWEEN)
            if not await asyncio.to_thread(self._owes, now):
                return

    def _owes(self, now: datetime) -> bool:
        """Whether it has not yet woken for the moment, or something that was to have gone has not."""
        soon = now + timedelta(minutes=1)
        waits = delivery.c.state.in_(("ready", "sending")) & (delivery.c.not_before <= soon)
        with self._database.reading() as tx:
            if wakes.begin(tx, soon) != (soon, None) or (wakes.latest(tx) or BEGINS) < now:
                return True
            return tx.connection.execute(select(delivery.c.id).where(waits).limit(1)).first() is not None


def _morning_after(now: datetime) -> datetime:
    return at_municipal(next_working_day(municipal_day(now)))


def _answers(task: Task) -> dict[str, Any]:
    days = ("private_talk_on", "visit_on", "provider_report_on")
    return {**ANSWERS, **dict.fromkeys(days, f"{task.month}-14")}


def _card(task: Task) -> dict[str, Any]:
    return {"card": {"nonce": f"{task.id:032x}", "ticked": [], "task": task.id, "version": 0, "blocks": 0}}


async def _listens(ports: list[int]) -> None:
    for port in ports:
        for _ in range(int(STARTED_WITHIN / 0.02)):
            with suppress(OSError):
                _, writer = await asyncio.open_connection(LOOPBACK, port)
                writer.close()
                break
            await asyncio.sleep(0.02)


@contextmanager
def _place(var: Path, *, postgresql: bool) -> Iterator[str]:
    with ExitStack() as held:
        if not postgresql:
            yield f"sqlite:///{var / 'crash.db'}"
            return
        cluster = held.enter_context(running())
        cluster.create("crash")
        yield cluster.url("crash")


def crash(kills: int, seed: int, seconds: float, *, postgresql: bool) -> Outcome:
    with workplace() as var, _place(var, postgresql=postgresql) as url:
        trial = Trial(url, new_key(), var, Random(seed), 2 if postgresql else 1)
        return asyncio.run(trial.run(kills, seconds))
