"""Conversations as they are read: what each person types and presses, and every card that she gets, drawn as text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import update

from bot.local.terminal import draw
from bot.turns import Answer
from storage.engine.database import Database
from storage.engine.tables import person
from tests.support.builders import at
from tests.support.turns import Chat, Client, october
from texts.catalogue import Texts

WIDTH = 100


@dataclass
class Transcript:
    """A story in one language: `say` gives what is pressed, by the text's id."""

    chat: Chat
    say: Texts
    lines: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def client(self, key: str) -> Client:
        return self.chat.client(key)

    def types(self, key: str, swedish: str, english: str) -> None:
        text = {"sv": swedish, "en": english}[self.say.language]
        self._heard(f"{key.capitalize()}: {text}", self.client(key).say(text))

    def presses(
        self,
        key: str,
        text_id: str,
        typed: Mapping[str, str] | None = None,
        *,
        row: str = "",
        **values: object,
    ) -> None:
        """The button with the text, of the row that is named, with what is put in the fields."""
        title = self.say(text_id, **values)
        filled = "".join(f"\n  {name} = {value}" for name, value in (typed or {}).items())
        about = f" ({row})" if row else ""
        answer = self.client(key).press(title, typed, row=row)
        self._heard(f"{key.capitalize()} [{title}]{about}{filled}", answer)

    def comes(self, moment: str, *keys: str) -> None:
        """The clock comes to the moment; what each of them has got unasked is read."""
        self.chat.wake(moment)
        self.lines.append(f"==== {moment}")
        self.gets(*keys)

    def gets(self, *keys: str) -> None:
        self.chat.deliver()
        for key in keys:
            client, begun = self.client(key), self.seen.get(key, 0)
            for shown in client.shown[begun:]:
                self.lines.append(f"-> {key.capitalize()} ({shown.summary})\n{draw(shown.card, WIDTH)}")
                client.card = shown.card
            self.seen[key] = len(client.shown)

    def _heard(self, did: str, answer: Answer) -> None:
        told = [one for one in (answer.text, answer.notice) if one]
        card = [draw(answer.card, WIDTH)] if answer.card else []
        self.lines.append("\n".join([f">> {did}", *told, *card]))

    @property
    def text(self) -> str:
        return "\n\n".join(self.lines) + "\n"


@dataclass(frozen=True)
class Story:
    """`begins` is the moment at which the clock starts, else the morning on which October is asked about."""

    name: str
    play: Callable[[Transcript], None]
    begins: str = ""


def told(database: Database, language: str, story: Story) -> str:
    """In a municipality where all speak the language."""
    with database.transaction() as tx:
        tx.connection.execute(update(person).values(language=language))
    chat = Chat(database, at(story.begins)) if story.begins else october(database)
    transcript = Transcript(chat, Texts(language))
    story.play(transcript)
    return transcript.text
