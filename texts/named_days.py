"""Days as people name them: i övermorgon, nästa fredag, i måndags, 10/3, 5 dec; names of days and months are CLDR's.

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
# 3:e mars, and March 3rd.
_ORDINAL = re.compile(r"(?<=\d)(?::?[ea]|st|nd|rd|th)\b")
_NUMBER, _YEAR = re.compile(r"\d{1,2}"), re.compile(r"20\d\d")
Unit = Literal["day", "week", "month"]
_BESIDE = {"today": 0, "tomorrow": 1, "after_tomorrow": 2, "yesterday": -1, "before_yesterday": -2}


@dataclass(frozen=True)
class DayWords:
    """Each word, folded, and what it means; `beside` are phrases and how far they are from today.

    `been` are the names of weekdays that have been, and `around` stands beside a day without saying any more.
    `unclear` say before a weekday of this week either that one or the one of the week before.
    """

    beside: Mapping[tuple[str, ...], int]
    numbers: Mapping[str, int]
    units: Mapping[str, Unit]
    weekdays: Mapping[str, int]
    been: Mapping[str, int]
    months: Mapping[str, int]
    next: frozenset[str]
    last: frozenset[str]
    unclear: frozenset[str]
    within: frozenset[str]
    since: frozenset[str]
    ago: frozenset[str]
    around: frozenset[str]


@dataclass(frozen=True)
class NamedDay:
    """`words` is how many of the text's words it takes, from the one at `at`."""

    day: date
    at: int
    words: int


@cache
def _words() -> DayWords:
    """Of both languages, since people write in the one and the other."""
    of = {name: [one for each in LANGUAGES for one in phrases(each, name)] for name in _NAMES}
    return DayWords(
        beside={tuple(one.split()): days for name, days in _BESIDE.items() for one in of[name]},
        numbers={one: at for each in LANGUAGES for at, both in _numbered(each) for one in both.split("/")},
        units={one: unit for unit in get_args(Unit) for one in of[unit]},
        weekdays=_of_cldr("days"),
        # I måndags, which Swedish alone has a form for.
        been={f"{folded(name)}s": at for at, name in Locale("sv").days["format"]["wide"].items()},
        months=_of_cldr("months") | _short_months(),
        unclear=frozenset(phrases("en", "last")),
        **{name: frozenset(of[name]) for name in _ALONE},
    )


_ALONE = ("next", "last", "within", "since", "ago", "around")
_NAMES = (*_BESIDE, *get_args(Unit), *_ALONE)


def phrases(language: str, name: str) -> list[str]:
    return [folded(one.strip()) for one in Texts(language)(f"named_day.{name}").split(",")]


def month_words() -> Mapping[str, int]:
    return _words().months


def _numbered(language: str) -> Iterator[tuple[int, str]]:
    return enumerate(phrases(language, "numbers"), 1)


def _of_cldr(what: Literal["days", "months"]) -> dict[str, int]:
    """Monday is 0 and January 1, by whole names and, of weekdays in Swedish, as the day itself: fredagen."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for at, name in getattr(Locale(language), what)["format"]["wide"].items():
            plain = folded(name)
            found |= {plain: at} | ({f"{plain}en": at} if what == "days" and language == "sv" else {})
    return found


def _short_months() -> dict[str, int]:
    """As dec and okt; but jul, which is Christmas in Swedish."""
    short = {
        folded(name).rstrip("."): at
        for language in LANGUAGES
        for at, name in Locale(language).months["format"]["abbreviated"].items()
    }
    return {name: at for name, at in {**short, "sept": 9}.items() if name != "jul"}


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_ORDINAL.sub("", folded(text)))


def days_in(text: str, today: date) -> list[date]:
    """The days that the text names, in their order."""
    return [one.day for one in _found(_tokens(text), today, ahead=True)]


def only_day(text: str, today: date, *, ahead: bool = True) -> date | None:
    """The one day that the text names and says no more than; None of any other text.

    What has no year or is a weekday alone is the first to come, or else the last that has been, where only such a
    day is asked for.
    """
    words = _tokens(text)
    found = _found(words, today, ahead=ahead)
    if len(found) != 1:
        return None
    [one] = found
    beside = {*words[: one.at], *words[one.at + one.words :]}
    return one.day if beside <= _words().around else None


def without_days(text: str, today: date, instead: str) -> str:
    """The text with other words in the place of each day that it names."""
    words = _tokens(text)
    for one in reversed(_found(words, today, ahead=True)):
        words[one.at : one.at + one.words] = [instead]
    return " ".join(words)


def _found(words: Sequence[str], today: date, *, ahead: bool) -> list[NamedDay]:
    found, at = list[NamedDay](), 0
    while at < len(words):
        one = _at(words, at, From(today, ahead))
        if one is not None:
            found.append(one)
        at += one.words if one else 2 if _is_unclear(words[at : at + 2], today) else 1
    return found


def _is_unclear(words: Sequence[str], today: date) -> bool:
    """Last Friday, said on a Saturday, is yesterday to one and the week before to another."""
    first, weekday = [*words, "", ""][:2]
    wanted = _words().weekdays.get(weekday)
    return first in _words().unclear and wanted is not None and wanted < today.weekday()


@dataclass(frozen=True)
class From:
    """Today, and whether it is a day to come that is asked for where either can be meant."""

    today: date
    ahead: bool


def _at(words: Sequence[str], at: int, here: From) -> NamedDay | None:
    rest = [*words[at : at + 4], "", "", "", ""][:4]
    for read in (_written, _beside, _within, _ago, _next, _last, _of_month, _month_first, _weekday):
        named = read(rest, here, _words())
        if named is not None:
            return NamedDay(named[0], at, named[1])
    return None


_Read = tuple[date, int] | None


def _written(words: Sequence[str], here: From, known: DayWords) -> _Read:
    """2026-03-10, and 10/3 with or without its year."""
    short = _SHORT.fullmatch(words[0])
    if short:
        return _of_numbers(int(short[1]), int(short[2]), short[3] or "", here, 1)
    try:
        return (date.fromisoformat(words[0]), 1) if "-" in words[0] else None
    except ValueError:
        return None


def _beside(words: Sequence[str], here: From, known: DayWords) -> _Read:
    for phrase, days in sorted(known.beside.items(), key=lambda one: -len(one[0])):
        if tuple(words[: len(phrase)]) == phrase:
            return here.today + timedelta(days=days), len(phrase)
    return None


def _within(words: Sequence[str], here: From, known: DayWords) -> _Read:
    """Om två veckor."""
    day = _so_far(words[1], words[2], 1, here, known) if words[0] in known.within else None
    return (day, 3) if day else None


def _ago(words: Sequence[str], here: From, known: DayWords) -> _Read:
    """För två dagar sedan, or two days ago."""
    first = 1 if words[0] in known.since else 0
    day = _so_far(words[first], words[first + 1], -1, here, known) if words[first + 2] in known.ago else None
    return (day, first + 3) if day else None


def _so_far(number: str, unit: str, way: Literal[1, -1], here: From, known: DayWords) -> date | None:
    many = int(number) if _NUMBER.fullmatch(number) else known.numbers.get(number)
    kind = known.units.get(unit)
    if many is None or kind is None:
        return None
    if kind == "month":
        return months_after(here.today, way * many)
    return here.today + way * timedelta(days=many * (7 if kind == "week" else 1))


def _next(words: Sequence[str], here: From, known: DayWords) -> _Read:
    """Next Friday is the one of the next week; next week is its Monday, and next month its first day."""
    if words[0] not in known.next:
        return None
    monday, unit = here.today + timedelta(days=7 - here.today.weekday()), known.units.get(words[1])
    if words[1] in known.weekdays:
        return monday + timedelta(days=known.weekdays[words[1]]), 2
    if unit == "month":
        return months_after(here.today.replace(day=1), 1), 2
    return (monday, 2) if unit == "week" else None


def _last(words: Sequence[str], here: From, known: DayWords) -> _Read:
    """I måndags is the last one before today; förra måndagen is the one of the week before."""
    if words[0] in known.been:
        return _weekday_before(known.been[words[0]], here.today), 1
    if words[0] not in known.last or words[1] not in known.weekdays or _is_unclear(words, here.today):
        return None
    monday = here.today - timedelta(days=here.today.weekday() + 7)
    return monday + timedelta(days=known.weekdays[words[1]]), 2


def _of_month(words: Sequence[str], here: From, known: DayWords) -> _Read:
    """10 mars and 3 of March, with or without its year."""
    at = 2 if words[1] in known.around else 1
    if not _NUMBER.fullmatch(words[0]) or words[at] not in known.months:
        return None
    year = words[at + 1] if _YEAR.fullmatch(words[at + 1]) else ""
    return _of_numbers(int(words[0]), known.months[words[at]], year, here, at + 1 + bool(year))


def _month_first(words: Sequence[str], here: From, known: DayWords) -> _Read:
    """March 3, with or without its year; but not the month before another day, as in mars 3 april."""
    if words[0] not in known.months or not _NUMBER.fullmatch(words[1]) or words[2] in known.months:
        return None
    year = words[2] if _YEAR.fullmatch(words[2]) else ""
    return _of_numbers(int(words[1]), known.months[words[0]], year, here, 2 + bool(year))


def _weekday(words: Sequence[str], here: From, known: DayWords) -> _Read:
    """The first one after today, or the last one before it."""
    wanted = known.weekdays.get(words[0])
    if wanted is None:
        return None
    if not here.ahead:
        return _weekday_before(wanted, here.today), 1
    return here.today + timedelta(days=(wanted - here.today.weekday() - 1) % 7 + 1), 1


def _weekday_before(wanted: int, today: date) -> date:
    return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)


def _of_numbers(day: int, month: int, year: str, here: From, words: int) -> _Read:
    """Without its year the first that is not over, or the last that has come; None where there is no such day."""
    way = 1 if here.ahead else -1
    for chosen in [int(year)] if year else range(here.today.year, here.today.year + way * 9, way):
        try:
            named = date(chosen, month, day)
        except ValueError:
            continue
        if year or (named >= here.today if here.ahead else named <= here.today):
            return named, words
    return None
