"""A conversation in the terminal with a running local server, through the chat page's own interface."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import aiohttp

from bot.local.chats import BOT, Card
from bot.local.fields import Input, InputKind
from bot.local.terminal import NumberedAction, actions_of, draw
from followup.times.calendar import municipal_day
from texts.catalogue import Texts

Read = Callable[[str], Awaitable[str | None]]
Write = Callable[[str], None]
END = "/slut"
EVERY = 1.0


class PageError(Exception):
    """What the server refused, in its own words."""


class PageClient:
    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")

    async def people(self) -> Any:
        return await self._call("GET", "/local/people")

    async def changed(self, key: str, since: int) -> Any:
        return await self._call("GET", f"/local/chat/{key}?since={since}")

    async def say(self, key: str, text: str) -> Any:
        return await self._call("POST", f"/local/chat/{key}/say", {"text": text})

    async def press(
        self, key: str, message_id: str, action: Mapping[str, Any], inputs: Mapping[str, str]
    ) -> Any:
        body = {"message": message_id, "action": dict(action), "inputs": dict(inputs)}
        return await self._call("POST", f"/local/chat/{key}/press", body)

    async def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            async with self._session.request(method, self._base_url + path, json=body) as answer:
                if answer.status >= 400:
                    raise PageError(await answer.text())
                return await answer.json()
        except aiohttp.ClientError:
            raise PageError("Servern svarar inte. Starta den med make run.") from None


async def chat(client: PageClient, key: str, *, read: Read, write: Write, styled: bool = False) -> None:
    """Shows what comes, says each typed line; `/2` presses action 2 of the newest card, `/slut` ends."""
    talk = _Talk(client, key, read, write, styled)
    await talk.show_new()
    watching = asyncio.create_task(talk.watch())
    try:
        while (line := await read("> ")) is not None and line.strip() != END:
            await talk.take(line.strip())
    finally:
        watching.cancel()


async def read_line(prompt: str) -> str | None:
    """A line from the keyboard, None at its end; the thread never keeps the program from ending."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str | None] = loop.create_future()

    def wait() -> None:
        try:
            typed = input(prompt)
        except EOFError:
            typed = None
        with suppress(RuntimeError):  # The program may have ended meanwhile.
            loop.call_soon_threadsafe(_answer, line, typed)

    threading.Thread(target=wait, daemon=True).start()
    return await line


def _answer(line: asyncio.Future[str | None], typed: str | None) -> None:
    if not line.done():
        line.set_result(typed)


class _Talk:
    def __init__(self, client: PageClient, key: str, read: Read, write: Write, styled: bool) -> None:
        self._client, self._key = client, key
        self._read, self._write, self._styled = read, write, styled
        self._since = 0
        self._newest: tuple[str, Card] | None = None
        self._today: date | None = None
        self._one_at_a_time = asyncio.Lock()

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            with suppress(PageError):
                await self.show_new()

    async def show_new(self) -> None:
        async with self._one_at_a_time:
            read = await self._client.changed(self._key, self._since)
            self._since = read["revision"]
        for message in sorted(read["messages"], key=lambda one: int(one["revision"])):
            self._show(message)

    def _show(self, message: Mapping[str, Any]) -> None:
        if message["author"] != BOT:
            return
        self._write(f"\nUppföljaren, {message['at_text']}")
        if message["text"]:
            self._write(message["text"])
        self._today = municipal_day(datetime.fromisoformat(message["at"]))
        if message["card"]:
            self._newest = (message["id"], message["card"])
            self._write(draw(message["card"], styled=self._styled))

    async def take(self, line: str) -> None:
        try:
            notice = await self._obey(line)
            await self.show_new()
        except PageError as problem:
            self._write(str(problem))
        else:
            if notice:
                self._write(notice)

    async def _obey(self, line: str) -> str | None:
        if not line:
            return None
        if not line.startswith("/"):
            return _words(await self._client.say(self._key, line))
        actions = actions_of(self._newest[1]) if self._newest else []
        chosen = next((one for one in actions if line == f"/{one.number}"), None)
        if chosen is None:
            return f"Skriv /1 till /{len(actions)}." if actions else "Det finns inget att välja."
        return await self._press(chosen)

    async def _press(self, chosen: NumberedAction) -> str | None:
        assert self._newest is not None
        message_id, card = self._newest
        if chosen.action["type"] == "Action.OpenUrl":
            return str(chosen.action.get("url"))
        if chosen.action["type"] == "Action.ToggleVisibility":
            self._newest = (message_id, toggled(card, chosen.action))
            return draw(self._newest[1], styled=self._styled)
        inputs = await self._filled(chosen)
        if inputs is None:
            return "Avbrutet."
        return _words(await self._client.press(self._key, message_id, chosen.action, inputs))

    async def _filled(self, chosen: NumberedAction) -> dict[str, str] | None:
        """Each input in turn, asked again until it can be read; None when the typing ends."""
        inputs = dict(chosen.hidden)
        for field in chosen.fields:
            while True:
                answer = await self._read(field.question())
                if answer is None or answer.strip() == END:
                    return None
                try:
                    inputs[field.id] = field.typed(answer, self._today)
                    self._say_back(field, answer.strip(), inputs[field.id])
                    break
                except ValueError as problem:
                    self._write(str(problem))
        return inputs

    def _say_back(self, field: Input, answer: str, value: str) -> None:
        """Which day was understood, where it was not typed as it is kept."""
        if field.kind is InputKind.DATE and answer and value not in ("", answer):
            self._write(f"Det läses som {Texts('sv').write(date.fromisoformat(value))}.")


def _words(answer: Mapping[str, Any]) -> str | None:
    return answer["notice"]["text"] if answer["notice"] else None


def toggled(card: Card, action: Mapping[str, Any]) -> Card:
    """The card after Action.ToggleVisibility, which clients carry out themselves."""
    targets = [one if isinstance(one, dict) else {"elementId": one} for one in action["targetElements"]]
    wanted = {target["elementId"]: target.get("isVisible") for target in targets}

    def copied(part: Any) -> Any:
        if isinstance(part, list):
            return [copied(one) for one in part]
        if not isinstance(part, dict):
            return part
        copy = {name: copied(value) for name, value in part.items()}
        if "type" in part and part.get("id") in wanted:
            visible = wanted[part["id"]]
            copy["isVisible"] = part.get("isVisible") is False if visible is None else visible
        return copy

    changed: Card = copied(card)
    return changed
