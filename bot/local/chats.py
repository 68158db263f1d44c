"""What has been said in each local chat, remembered in a transcript file."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

Card = dict[str, Any]
BOT = "bot"
THREAD = ";messageid="


@dataclass(frozen=True)
class LocalPerson:
    """One whom the page can be; a channel has its Teams channel id as `teams_id` and is used by `acts_as`."""

    key: str
    name: str
    role_title: str
    teams_id: str
    aad_object_id: str
    channel: bool = False
    acts_as: str | None = None
    listed: bool = True

    @property
    def conversation(self) -> str:
        return self.teams_id if self.channel else f"a:{self.key}"


@dataclass(frozen=True)
class ChatMessage:
    id: str
    author: str
    text: str
    card: Card | None
    summary: str
    at: datetime
    revision: int
    conversation: str


class Chats:
    def __init__(
        self, people: Sequence[LocalPerson], *, clock: Callable[[], datetime], transcript: Path | None
    ) -> None:
        self.people = {person.key: person for person in people}
        self.revision = 0
        self._keys = {person.conversation: person.key for person in people}
        self._messages: dict[str, dict[str, ChatMessage]] = {person.key: {} for person in people}
        self._clock = clock
        self._transcript = transcript
        self._replay()

    def key_of(self, conversation: str) -> str | None:
        """Whose chat the conversation is; a thread belongs to its channel."""
        return self._keys.get(conversation.split(THREAD, maxsplit=1)[0])

    def messages(self, key: str) -> list[ChatMessage]:
        return list(self._messages[key].values())

    def message(self, key: str, message_id: str) -> ChatMessage | None:
        return self._messages[key].get(message_id)

    def add(
        self, conversation: str, author: str, *, text: str = "", card: Card | None = None, summary: str = ""
    ) -> ChatMessage:
        key, new_id = self._keys[conversation.split(THREAD, maxsplit=1)[0]], str(uuid4())
        if self.people[key].channel and THREAD not in conversation:
            conversation += THREAD + new_id
        said = ChatMessage(new_id, author, text, card, summary, self._clock(), 0, conversation)
        return self._keep(key, said)

    def revise(self, key: str, message_id: str, *, text: str, card: Card | None, summary: str) -> ChatMessage:
        """Replaces what the message shows; it keeps its place in the chat."""
        said = self._messages[key][message_id]
        return self._keep(key, replace(said, text=text, card=card, summary=summary))

    def _keep(self, key: str, said: ChatMessage) -> ChatMessage:
        self.revision += 1
        said = replace(said, revision=self.revision)
        self._messages[key][said.id] = said
        if self._transcript:
            self._transcript.parent.mkdir(parents=True, exist_ok=True)
            with self._transcript.open("a", encoding="utf-8") as file:
                file.write(_line(key, said))
        return said

    def _replay(self) -> None:
        if not (self._transcript and self._transcript.exists()):
            return
        for line in self._transcript.read_text(encoding="utf-8").split("\n"):
            try:
                key, said = _read(line)
            except json.JSONDecodeError:  # The end, or a line that was cut short when the server was killed.
                continue
            self.revision = max(self.revision, said.revision)
            if key in self._messages:
                self._messages[key][said.id] = said


def _line(key: str, said: ChatMessage) -> str:
    fields = {"chat": key, **vars(said), "at": said.at.isoformat()}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _read(line: str) -> tuple[str, ChatMessage]:
    fields = json.loads(line)
    key, at = fields.pop("chat"), datetime.fromisoformat(fields.pop("at"))
    return key, ChatMessage(at=at, **fields)
