"""One turn of a conversation: what was said, by whom, and the reply by value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Self, TypeVar

import orjson

from dialogs.card import Card
from followup import PersonId
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.log.chain import LogEntry
from followup.log.subject import Act, Subject
from followup.people import Person
from followup.wording.form import UNANSWERED
from services.acting import Acting, Refused, Why
from services.conversations import stored_by_card
from storage.engine.database import Transaction
from texts.catalogue import Texts

# What an INTEGER column holds; a larger number is no id of ours.
NUMBERS = range(2**31)
Word = TypeVar("Word", bound=str)
Id = TypeVar("Id", bound=int)
_NONCE = re.compile(r"[a-z0-9]{1,40}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class Stored:
    """What a press has stored, named by numbers alone: what is said of it is drawn anew each time that it is asked for.

    `what` says which kind of deed, `numbers` which rows it wrote: ids, versions and days, never a text.
    `at` is when it was stored, of what is told again.
    """

    what: str
    numbers: Mapping[str, Any]
    at: datetime | None = None

    def written(self) -> str:
        return orjson.dumps({"what": self.what, "numbers": dict(self.numbers)}).decode()

    @classmethod
    def read(cls, text: str, at: datetime | None = None) -> Self | None:
        """None for what is no receipt: forgotten by now, or a whole card, as was kept before there were receipts."""
        found = orjson.loads(text) if text else None
        if not isinstance(found, dict) or found.keys() != {"what", "numbers"}:
            return None
        return cls(found["what"], found["numbers"], at)


@dataclass(frozen=True)
class Press:
    """A button of a card: its verb, the data the card carried, and what was typed.

    `in_place` is true when the answer replaces the card by itself (Action.Execute).
    """

    verb: str
    data: Mapping[str, object] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    in_place: bool = True

    def number(self, name: str) -> int | None:
        """A whole number from the card's data; None where it is missing or something else."""
        value = self.data.get(name)
        return value if type(value) is int and value in NUMBERS else None

    def id(self, name: str, kind: Callable[[int], Id]) -> Id | None:
        """The id of the kind in the card's data; None where it is missing or something else."""
        number = self.number(name)
        return None if number is None else kind(number)

    def chosen(self, name: str, kind: Callable[[int], Id]) -> Id | None:
        """The id of the kind that was chosen in a field; None where nothing was, or something else."""
        value = self.inputs.get(name, "")
        return kind(int(value)) if _NUMBER.fullmatch(value) else None

    def ids(self, name: str) -> list[int]:
        """The whole numbers of a list in the card's data; none where it is missing or something else."""
        value = self.data.get(name)
        return (
            [one for one in value if type(one) is int and one in NUMBERS] if isinstance(value, list) else []
        )

    def word(self, name: str, allowed: Sequence[Word], before: Sequence[str] = ()) -> Word | None:
        """The word in the card's data, where it is among the allowed; None where it is anything else.

        `before` are the words as they stood when cards carried a word's place among them: a card lives for months.
        """
        value = self.data.get(name)
        if type(value) is int and value in range(len(before)):
            value = before[value]
        return next((one for one in allowed if one == value), None)

    @property
    def filled_in(self) -> bool:
        """Whether it hands in anything that somebody typed, chose or ticked."""
        return any(one.strip() not in ("", "false", UNANSWERED) for one in self.inputs.values())

    @cached_property
    def nonce(self) -> str | None:
        """Which drawing of a card the button stood on; None where no card of ours could say so."""
        value = self.data.get("nonce")
        return value if isinstance(value, str) and _NONCE.fullmatch(value) else None


@dataclass(frozen=True)
class Said:
    """What reached the bot; `channel` is true wherever others may look on, so that no child may be named.

    `in_team` is true in a channel of a team, and not in a group chat.
    `tenants` are the names by which the register may know the person's tenant.
    """

    teams_id: str
    conversation_id: str
    activity_id: str
    service_url: str
    text: str = ""
    press: Press | None = None
    channel: bool = False
    reply_to_id: str | None = None
    tenants: tuple[str, ...] = ("",)
    in_team: bool = False

    @cached_property
    def card(self) -> str | None:
        """The card as this person holds it, whichever of its buttons is pressed, on whichever device."""
        nonce = self.press.nonce if self.press else None
        return (
            None
            if nonce is None
            else sha256(f"{self.teams_id}\n{nonce}".encode("utf-8", "replace")).hexdigest()
        )

    @property
    def rest(self) -> str:
        """What was typed after the first word; Teams parts words by more than blanks."""
        return " ".join(self.text.split()[1:])


@dataclass(frozen=True)
class ToRead:
    """What a turn shows, read when all that it stores is committed; `is_form` where that is to be filled in."""

    read: Callable[["Turn"], "Reply"]
    is_form: bool = False


@dataclass(frozen=True)
class Reply:
    """A card or a text; `notice` is said beside the card, which stays as it is.

    `effect` is what was stored: the same press, sent again, stores nothing and is answered by what it names.
    `figure` is which one it shows, to be remembered for a while. `person_id` is who is answered, where the register
    knows her; `language` where it is not the one she asked in. `to_read` stands for the card or the text that is yet to
    be read, beside whoever writes next.
    """

    card: Card | None = None
    text: str = ""
    notice: str = ""
    effect: Stored | None = None
    language: str = ""
    person_id: PersonId | None = None
    figure: Mapping[str, Any] | None = None
    to_read: ToRead | None = None


@dataclass(frozen=True)
class ReadBefore:
    """What a command or a button shows, as it was read for the person beside the writer; yet to be logged.

    `typed` is what was understood of what was typed, and where that is no command that reads much, all there is.
    """

    name: str
    person: Person
    reply: Reply | None
    unlogged: tuple[LogEntry, ...]
    typed: object = None


@dataclass(frozen=True)
class Turn:
    """All that a conversation needs: the open transaction, who speaks, when, and the words to answer in.

    `ready` is what took long and was made beforehand (PREPARED in dialogs/switchboard.py), `read` what was read.
    """

    tx: Transaction
    said: Said
    person: Person
    now: datetime
    say: Texts
    municipality: Municipality = USUAL_MUNICIPALITY
    ready: object = None
    read: ReadBefore | None = None

    @property
    def press(self) -> Press:
        assert self.said.press is not None
        return self.said.press

    @property
    def acting(self) -> Acting:
        return Acting(self.tx, self.person, self.now, self.municipality, self.said.channel)

    def log(
        self,
        act: Act,
        subject: Subject,
        *,
        detail: str | None = None,
        reason: str | None = None,
        seen: Sequence[Subject] | None = None,
        records: int | None = None,
    ) -> None:
        """In the access log, as the person's own act now."""
        self.acting.log(act, subject, detail=detail, reason=reason, seen=seen, records=records)

    def refusal(self, refused: Refused, unknown: str) -> Reply:
        """A refusal in words; `unknown` is the text for a thing that there is none of."""
        texts = {Why.NOT_HERS: "refused.role", Why.CHANNEL: "refused.channel"}
        return Reply(notice=self.say(texts.get(refused.why, unknown)))


def stored_by_presses(tx: Transaction, card: str | None, what: str) -> list[Stored]:
    """What of the kind was stored by presses on the one card, newest first; `card` is `Said.card`."""
    if card is None:
        return []
    kept = (Stored.read(reply) for reply in stored_by_card(tx, card))
    return [one for one in kept if one is not None and one.what == what]


def read_beside(
    turn: Turn, read: Callable[[Turn], Reply], effect: Stored | None = None, *, is_form: bool = False
) -> Reply:
    """What shows much evidence: read at once where nothing is written, else when what the turn stores is committed."""
    if turn.tx.unlogged is None:
        return Reply(effect=effect, to_read=ToRead(read, is_form))
    return replace(read(turn), effect=effect)


def read_now(turn: Turn, reply: Reply) -> Reply:
    """With what it shows, where that is yet to be read."""
    return reply if reply.to_read is None else reply.to_read.read(turn)


def when_read(turn: Turn, reply: Reply, do: Callable[[Turn, Reply], Reply]) -> Reply:
    """What is done with the reply: now, or when what it shows has been read."""
    to_read = reply.to_read
    if to_read is None:
        return do(turn, reply)

    def read(later: Turn) -> Reply:
        return do(later, replace(to_read.read(later), effect=reply.effect))

    return replace(reply, to_read=replace(to_read, read=read))
