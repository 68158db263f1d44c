"""Days as people name them: i övermorgon, nästa fredag, om två veckor, 10/3; the names of days and months are CLDR's.

A grammar of our own, since dateparser reads neither nästa fredag nor i övermorgon.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, get_args

from babel import Locale

from followup.questions.words import folded
from followup.times.spans import months_after
from texts.catalogue import LANGUAGES, Texts

_TOKEN = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:[-/ ]\d{4})?|\w+")
_SHORT = re.compile(r"(\d{1,2})/(\d{1,2})(?:[-/ ](\d{4}))?")
_NUMBER, _YEAR = re.compile(r"\d{1,2}"), re.compile(r"20\d\d")
Unit = Literal["day", "week", "month"]
_BESIDE = {"today": 0, "tomorrow": 1, "after_tomorrow": 2, "yesterday": -1, "before_yesterday": -2}


@dataclass(frozen=True)
class DayWords:
    """Each word, folded, and what it means; `beside` are phrases and how far they are from today."""

    beside: Mapping[tuple[str, ...], int]
    numbers: Mapping[str, int]
    units: Mapping[str, Unit]
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    next: frozenset[str]
    within: frozenset[str]


@dataclass(frozen=True)
class NamedDay:
    """`words` is how many of the text's words it takes, from the one at `at`."""

    day: date
    at: int
    words: int


@cache
def _words() -> DayWords:
    """Of both languages, since people write in the one and the other."""
    of = {name: [one for each in LANGUAGES for one in _phrases(each, name)] for name in _NAMES}
    return DayWords(
        beside={tuple(one.split()): days for name, days in _BESIDE.items() for one in of[name]},
        numbers={one: at for each in LANGUAGES for at, both in _numbered(each) for one in both.split("/")},
        units={one: unit for unit in get_args(Unit) for one in of[unit]},
        weekdays=_of_cldr("days"),
        months=_of_cldr("months"),
        next=frozenset(of["next"]),
        within=frozenset(of["in"]),
    )


_NAMES = (*_BESIDE, *get_args(Unit), "next", "in")


def _phrases(language: str, name: str) -> list[str]:
    return [folded(one.strip()) for one in Texts(language)(f"named_day.{name}").split(",")]


def _numbered(language: str) -> Iterator[tuple[int, str]]:
    return enumerate(_phrases(language, "numbers"), 1)


def _of_cldr(what: Literal["days", "months"]) -> dict[str, int]:
    """Monday is 0 and January 1, by whole names and, of weekdays in Swedish, as the day itself: fredagen."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for at, name in getattr(Locale(language), what)["format"]["wide"].items():
            plain = folded(name)
            found |= {plain: at} | ({f"{plain}en": at} if what == "days" and language == "sv" else {})
    return found


def days_in(text: str, today: date) -> list[date]:
    """The days that the text names, in their order."""
    return [one.day for one in _found(_TOKEN.findall(folded(text)), today)]


def without_days(text: str, today: date, instead: str) -> str:
    """The text with other words in the place of each day that it names."""
    words = _TOKEN.findall(folded(text))
    for one in reversed(_found(words, today)):
        words[one.at : one.at + one.words] = [instead]
    return " ".join(words)


def _found(words: Sequence[str], today: date) -> list[NamedDay]:
    found, at = list[NamedDay](), 0
    while at < len(words):
        one = _at(words, at, today)
        if one is not None:
            found.append(one)
        at += one.words if one else 1
    return found


def _at(words: Sequence[str], at: int, today: date) -> NamedDay | None:
    rest = [*words[at : at + 4], "", "", "", ""][:4]
    for read in (_written, _beside, _within, _next, _of_month, _weekday):
        named = read(rest, today, _words())
        if named is not None:
            return NamedDay(named[0], at, named[1])
    return None


_Read = tuple[date, int] | None


def _written(words: Sequence[str], today: date, known: DayWords) -> _Read:
    """2026-03-10, and 10/3 with or without its year."""
    short = _SHORT.fullmatch(words[0])
    if short:
        return _of_numbers(int(short[1]), int(short[2]), short[3] or "", today, 1)
    try:
        return (date.fromisoformat(words[0]), 1) if "-" in words[0] else None
    except ValueError:
        return None


def _beside(words: Sequence[str], today: date, known: DayWords) -> _Read:
    for phrase, days in sorted(known.beside.items(), key=lambda one: -len(one[0])):
        if tuple(words[: len(phrase)]) == phrase:
            return today + timedelta(days=days), len(phrase)
    return None


def _within(words: Sequence[str], today: date, known: DayWords) -> _Read:
    """Om två veckor."""
    number = int(words[1]) if _NUMBER.fullmatch(words[1]) else known.numbers.get(words[1])
    unit = known.units.get(words[2])
    if words[0] not in known.within or number is None or unit is None:
        return None
    if unit == "month":
        return months_after(today, number), 3
    return today + timedelta(days=number * (7 if unit == "week" else 1)), 3


def _next(words: Sequence[str], today: date, known: DayWords) -> _Read:
    """Next Friday is the one of the next week; next week is its Monday, and next month its first day."""
    if words[0] not in known.next:
        return None
    monday, unit = today + timedelta(days=7 - today.weekday()), known.units.get(words[1])
    if words[1] in known.weekdays:
        return monday + timedelta(days=known.weekdays[words[1]]), 2
    if unit == "month":
        return months_after(today.replace(day=1), 1), 2
    return (monday, 2) if unit == "week" else None


def _of_month(words: Sequence[str], today: date, known: DayWords) -> _Read:
    """10 mars, with or without its year."""
    if not _NUMBER.fullmatch(words[0]) or words[1] not in known.months:
        return None
    year = words[2] if _YEAR.fullmatch(words[2]) else ""
    return _of_numbers(int(words[0]), known.months[words[1]], year, today, 3 if year else 2)


def _weekday(words: Sequence[str], today: date, known: DayWords) -> _Read:
    """The first one after today."""
    wanted = known.weekdays.get(words[0])
    if wanted is None:
        return None
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1), 1


def _of_numbers(day: int, month: int, year: str, today: date, words: int) -> _Read:
    """Without its year the first that is not over; None where there is no such day."""
    for chosen in [int(year)] if year else range(today.year, today.year + 5):
        try:
            named = date(chosen, month, day)
        except ValueError:
            continue
        if year or named >= today:
            return named, words
    return None
