"""One cell: what its text means as a day, a choice, an organisation number, or why it means nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from babel.dates import get_month_names
from stdnum.exceptions import ValidationError
from stdnum.se import orgnr

from followup.access.directory import normal_id
from followup.times.month import Month
from followup.wording.form import EARLIEST
from followup.wording.wording import Wording, wording

LATEST = date(2100, 12, 31)
# What other systems write for an end that nobody knows.
_UNTIL_FURTHER_NOTICE = date(9999, 12, 31)
_MONTH_NAMES = get_month_names("wide", locale="sv")
_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})[ /-]+(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2}) +(?P<word>[a-zåäö]{3,})\.? +(?P<year>\d{4})", re.ASCII),
)
_MONTHS = (
    re.compile(r"(?P<year>\d{4})-?(?P<month>\d{2})(?:-01)?", re.ASCII),
    re.compile(r"(?P<word>[a-zåäö]{3,})\.? +(?P<year>\d{4})", re.ASCII),
)


class CellKind(Protocol):
    @property
    def allowed(self) -> Wording: ...

    def read(self, text: str, today: date) -> object:
        """The value, or a Wording of what is wrong; the text is never empty."""


@dataclass(frozen=True)
class TextCell:
    longest: int = 200
    lines: bool = False

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.text", longest=self.longest)

    def read(self, text: str, today: date) -> object:
        kept = text if self.lines else " ".join(text.split())
        if len(kept) > self.longest:
            return wording("import.cell.too_long", length=len(kept), longest=self.longest)
        return kept


# What rows are called by: signatures, unit codes, case references.
KEY = TextCell(64)


@dataclass(frozen=True)
class ChoiceCell:
    """Swedish words and the codes that they stand for; blanks and case do not matter."""

    codes: Mapping[str, object]

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.choice", choices=" | ".join(self.codes))

    @cached_property
    def _by_word(self) -> Mapping[str, object]:
        return {squeezed(word): code for word, code in self.codes.items()}

    def read(self, text: str, today: date) -> object:
        return self._by_word.get(squeezed(text), wording("import.cell.not_a_choice"))


@dataclass(frozen=True)
class Choices:
    """Several choices with commas between, read as a tuple of codes in the order of the codes."""

    codes: Mapping[str, str]

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.choices", choices=" | ".join(self.codes))

    def read(self, text: str, today: date) -> object:
        chosen = {squeezed(part) for part in text.split(",") if part.strip()}
        known = {squeezed(word): code for word, code in self.codes.items()}
        if not chosen <= known.keys():
            return wording("import.cell.not_a_choice")
        return tuple(code for word, code in known.items() if word in chosen)


def squeezed(text: str) -> str:
    """As words are compared in files: without regard to case and blanks."""
    return re.sub(r"\s", "", text.casefold())


@dataclass(frozen=True)
class Whole:
    lowest: int
    highest: int

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.whole", lowest=self.lowest, highest=self.highest)

    def read(self, text: str, today: date) -> object:
        # Excel may write 3 as 3,0.
        whole = re.fullmatch(r"(\d{1,9})(?:[.,]0+)?", text, re.ASCII)
        if whole is None or not self.lowest <= int(whole[1]) <= self.highest:
            return wording("import.cell.not_a_whole_number")
        return int(whole[1])


@dataclass(frozen=True)
class Number:
    lowest: str
    highest: str

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.number", lowest=Decimal(self.lowest), highest=Decimal(self.highest))

    def read(self, text: str, today: date) -> object:
        number = re.fullmatch(r"\d{1,6}(?:[.,]\d{1,6})?", text, re.ASCII)
        value = Decimal(number[0].replace(",", ".")) if number else Decimal(-1)
        fits = Decimal(self.lowest) <= value <= Decimal(self.highest)
        return value if fits else wording("import.cell.not_a_number")


@dataclass(frozen=True)
class WholeNumber(Number):
    def read(self, text: str, today: date) -> object:
        value = super().read(text, today)
        if isinstance(value, Decimal):
            return int(value) if value == int(value) else wording("import.cell.not_a_number")
        return value


@dataclass(frozen=True)
class Code:
    """What is stored for a word, so that the word itself may change."""

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.code")

    def read(self, text: str, today: date) -> object:
        fits = re.fullmatch(r"[a-z][a-z0-9_]{1,39}", text, re.ASCII)
        return text if fits else wording("import.cell.not_a_code")


@dataclass(frozen=True)
class Day:
    """An `end` may be none: until further notice."""

    may_be_future: bool = False
    earliest: date = EARLIEST
    end: bool = False

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.day" if self.may_be_future else "import.allowed.past_day")

    def read(self, text: str, today: date) -> object:
        day = _read_day(text)
        if isinstance(day, Wording):
            return day
        if self.end and day == _UNTIL_FURTHER_NOTICE:
            return None
        if day > LATEST:
            return wording("import.cell.too_late", latest=LATEST)
        if day > today and not self.may_be_future:
            return wording("import.cell.future_day")
        return wording("import.cell.too_early", earliest=self.earliest) if day < self.earliest else day


def _read_day(text: str) -> date | Wording:
    found = _match(_DAYS, text)
    if found is None:
        return wording("import.cell.not_a_day")
    year, month, day = found
    try:
        return date(year, month, day)
    except ValueError:
        return wording("import.cell.no_such_day")


def _match(patterns: tuple[re.Pattern[str], ...], text: str) -> tuple[int, int, int] | None:
    """Year, month and day (1 where the pattern has none); a month 0 stands for a word that is no month."""
    for pattern in patterns:
        if found := pattern.fullmatch(text.casefold()):
            parts = found.groupdict()
            month = int(parts["month"]) if "month" in parts else _month_number(parts["word"])
            return int(parts["year"]), month, int(parts.get("day") or 1)
    return None


def _month_number(word: str) -> int:
    """By the full name or a shortening of it: the first three letters tell Swedish months apart."""
    return next((number for number, name in _MONTH_NAMES.items() if name.startswith(word)), 0)


@dataclass(frozen=True)
class MonthCell:
    """Also the first of the month, since that is what Excel makes of 2026-10."""

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.month")

    def read(self, text: str, today: date) -> object:
        found = _match(_MONTHS, text)
        if found is None or not 1 <= found[1] <= 12:
            return wording("import.cell.not_a_month")
        month = Month(found[0], found[1])
        if month.first > LATEST:
            return wording("import.cell.too_late", latest=LATEST)
        return month if month.first >= EARLIEST else wording("import.cell.too_early", earliest=EARLIEST)


@dataclass(frozen=True)
class DirectoryId:
    """An id in Entra, in the one form in which ids are compared; checks say where another kind of id may stand."""

    longest: int = 200

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.directory_id")

    def read(self, text: str, today: date) -> object:
        return normal_id(text) if len(text) <= self.longest else wording("import.cell.not_a_directory_id")


@dataclass(frozen=True)
class OrgNumber:
    """Ten or twelve digits, read as NNNNNN-NNNN; a sole trader's number is a personnummer and is taken too."""

    @property
    def allowed(self) -> Wording:
        return wording("import.allowed.org_number")

    def read(self, text: str, today: date) -> object:
        digits = re.sub(r"[\s+–-]", "", text)
        if len(digits) == 12 and digits.startswith(("16", "18", "19", "20")):
            digits = digits[2:]
        try:
            return str(orgnr.format(orgnr.validate(digits)))
        except ValidationError:
            return wording("import.cell.not_an_org_number")
