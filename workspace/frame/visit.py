"""One visit to a page: what the browser asked for, by whom and when, in the open transaction."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from dialogs.turn import Press, Said, Stored, Turn, stored_by_presses
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.clocks.retention import RetentionPlan
from followup.people import Person
from followup.wording.form import clean_text, read_day
from services.acting import Acting
from storage.engine.database import Transaction
from texts.catalogue import Texts
from texts.named_days import only_day

Id = TypeVar("Id", bound=int)
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_NONCE = re.compile(r"[a-z0-9]{16,40}", re.ASCII)
PAGE = 50
# Where a page says what the form before it stored, and which part of a list it shows.
RECEIPT, START = "kvitto", "sida"
# Before the name of a field that asks for a day; AHEAD where one to come can be meant, and else BEEN.
DAY, AHEAD, BEEN = "dag.", "framåt", "bakåt"
# What a form that is kept while it is written says of drafts, and how many that may be.
DRAFTS, MOST_DRAFTS = "utkast", 8


@dataclass(frozen=True)
class SentFile:
    """A file that was dropped on a form, or chosen in it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class PageRequest:
    """The names in the address, what stands after its question mark, and each field of the form with its values."""

    named: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[SentFile, ...] = ()

    @property
    def nonce(self) -> str:
        """Which drawing of a form was sent; empty where none of ours could say so."""
        value = "".join(self.form.get("nonce", ()))
        return value if _NONCE.fullmatch(value) else ""

    @property
    def known_drafts(self) -> tuple[str, ...]:
        """The drawings of the form whose drafts this one of it has shown, the newest ones."""
        found = (one for one in self.sent(DRAFTS).split() if _NONCE.fullmatch(one))
        return tuple(found)[-MOST_DRAFTS:]

    def sent(self, name: str) -> str:
        """The one value of a field; several, of boxes that were ticked, stand with commas between, as in a card."""
        return ",".join(self.form.get(name, ()))

    def number(self, name: str, kind: Callable[[int], Id]) -> Id | None:
        """The id in the address; None for anything else."""
        value = self.named.get(name, "")
        return kind(int(value)) if _NUMBER.fullmatch(value) else None

    def numbers(self, name: str) -> list[int]:
        """Those of the ticked boxes that are numbers, each once."""
        ticked = self.form.get(name, ())
        return list(dict.fromkeys(int(one) for one in ticked if _NUMBER.fullmatch(one)))

    def count(self, name: str) -> int:
        """A whole number of a hidden field; 0 for anything else."""
        value = self.sent(name)
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else 0

    @property
    def page(self) -> int:
        """Which page of a list, the first one being 1."""
        value = self.query.get(START, "")
        return int(value) if _NUMBER.fullmatch(value) else 1


@dataclass(frozen=True)
class Installed:
    """How the bot was set up, for whoever runs it: settings by name, with no secret among them.

    `plan` is by which plan what is deleted, None where there is none; `journal` where that is written.
    `divided` is whether it is said which part of the municipality each unit is of.
    """

    settings: Sequence[tuple[str, str]] = ()
    plan: RetentionPlan | None = None
    journal: Path = Path()
    divided: bool = False


@dataclass(frozen=True)
class Visit:
    """All that a page needs; it has no rule of its own, and asks a view or a deed with `acting`.

    `read_before` is what the deed's entry has read beside the writer.
    """

    tx: Transaction
    person: Person
    now: datetime
    say: Texts
    asked: PageRequest
    municipality: Municipality = USUAL_MUNICIPALITY
    installed: Installed = field(default_factory=Installed)
    read_before: object = None

    @property
    def acting(self) -> Acting:
        return Acting(self.tx, self.person, self.now, self.municipality)

    @cached_property
    def typed(self) -> dict[str, str]:
        """The form's answers by question, as a card would give them: a day in words is the day that it names."""
        names = (one for one in self.asked.form if one not in ("token", "nonce") and not one.startswith(DAY))
        read = {name: day.isoformat() for name, day in self.days_read.items()}
        return {name: read.get(name) or self.asked.sent(name) for name in names}

    @cached_property
    def days_read(self) -> dict[str, date]:
        """The days that were put in words, by the field."""
        asked = {
            one.removeprefix(DAY): self.asked.sent(one) for one in self.asked.form if one.startswith(DAY)
        }
        typed = {name: clean_text(self.asked.sent(name)) for name in asked}
        named = {
            name: only_day(text, self.acting.today, ahead=asked[name] == AHEAD)
            for name, text in typed.items()
            if read_day(text) is None
        }
        return {name: day for name, day in named.items() if day}

    def turn(self, data: Mapping[str, object] | None = None) -> Turn:
        """The visit as a turn, for the words and parts that a card and a page have in common."""
        press = Press("", {**(data or {}), "nonce": self.asked.nonce or self.receipt}, self.typed)
        said = Said(key_of(self.person), "", "", "", press=press)
        return Turn(self.tx, said, self.person, self.now, self.say, self.municipality)

    @property
    def receipt(self) -> str:
        """The nonce of the form whose receipt is to be told."""
        value = self.asked.query.get(RECEIPT, "")
        return value if _NONCE.fullmatch(value) else ""

    def stored(self, what: str) -> list[Stored]:
        """What of the kind her form has stored, whose receipt this page is to tell."""
        return stored_by_presses(self.tx, self.turn().said.card, what) if self.receipt else []


def key_of(person: Person) -> str:
    """By what the forms of one person are told from those of another."""
    return person.teams_id or f"person {person.id}"
