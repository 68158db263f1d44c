"""Spans of days as people name them: nästa vecka, vecka 32, 3–7 mars, fredag till tisdag."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from followup.questions.weeks import NoSuchWeek, end_of, numbered_week
from followup.questions.words import folded
from followup.times.month import Month
from texts.catalogue import LANGUAGES, Texts
from texts.named_days import days_in, month_words, phrases

_TO = "till"
_HALF_A_YEAR, _A_MONTH, _MONTHS = timedelta(days=183), timedelta(days=31), 12
_Instead = str | Callable[[re.Match[str]], str]


def span_in(text: str, today: date) -> list[date]:
    """The first day and the last, where the text names a span; the days that it names, where it names no more.

    What ends before it begins ends the next time that the words say: Friday till Tuesday, said on a Saturday. What
    began a while ago and has not ended begins today: 1–3 December, said on the second.
    """
    first, until, last = spelled(text, today).partition(f" {_TO} ")
    begins = sorted(days_in(first, today))
    since, ends = min(begins, default=today), days_in(last, today)
    if ends and max(ends) < since and _has_begun(first, since, today):
        since = today
    elif ends and max(ends) <= since:
        ends = days_in(last, since)
    if not (until and ends):
        return begins
    return sorted([since, max(ends) if begins else min(ends)])


def _has_begun(first: str, since: date, today: date) -> bool:
    """Whether the first day, said without a year, is one that has been lately and comes again only next year."""
    lately = max(days_in(first, today - _HALF_A_YEAR), default=since)
    return lately < today and since - lately > _HALF_A_YEAR + _A_MONTH


def spelled(text: str, today: date, *, no_week: str = "") -> str:
    """The text, folded, with its weeks and months as their first and last days, and one word for until.

    A week that its year does not have is left as it stands, unless something else is to stand there.
    """
    return _whole().sub(lambda found: _days_of(found, today) or no_week or found[0], _one_word(text))


def no_week_in(text: str, today: date) -> NoSuchWeek | None:
    """The first week that is named and is not there."""
    each = (one for found in _whole().finditer(_one_word(text)) for one in _weeks_of(found, today))
    return next((one for one in each if isinstance(one, NoSuchWeek)), None)


def said_of(week: NoSuchWeek, say: Texts) -> str:
    values = {"year": week.year, "week": week.week, "last": week.last}
    return say("named_day.no_such_week", **values, starts=week.starts, ends=week.ends)


def _one_word(text: str) -> str:
    return _pairs(" ".join(folded(text).split()))


def _any(name: str) -> str:
    """Of both languages, the longest first."""
    of_both = {one for language in LANGUAGES for one in phrases(language, name)}
    return "|".join(re.escape(one) for one in sorted(of_both, key=len, reverse=True))


@cache
def _rewritten() -> list[tuple[re.Pattern[str], _Instead]]:
    """What stands once for both days, 3–7 mars and vecka 32–33, is written with each of them."""
    to, months = rf"(?:\s*[-‐‑–—]\s*| (?:{_any('to')}) )", "|".join(month_words())
    beside = rf"(?:(?:{_any('around')}) )?"
    day, year = rf"{beside}(\d{{1,2}})(?::?[ea]|st|nd|rd|th)?", r"20\d\d\b"
    week = rf"\b({_any('week')}|v)\.? ?"
    each: tuple[tuple[str, _Instead], ...] = (
        (rf"\b(?:{_any('between')}) (.{{1,30}}?) (?:{_any('and')}) ", rf"\1 {_TO} "),
        (rf"(?<![/\d-])\b{day}{to}{day} {beside}({months})\b((?:\.? {year})?)", _both),
        (rf"\b({months}) {day}{to}{day}\b(?! ?(?:{months}|/))((?:,? {year})?)", rf"\1 \2\4 {_TO} \1 \3\4"),
        (rf"(?<![/\d-])\b{day}{to}{day}/{day}\b((?:[-/ ]{year})?)", _both),
        (r"(?<![/\d])(\d{1,2}/\d{1,2})[-‐‑](?=\d{1,2}/)", rf"\1 {_TO} "),
        (rf"{week}{day}{to}{day}\b", rf"\1 \2 {_TO} \1 \3"),
        (rf"\s*[–—]\s*|\s+-\s+|(?<=[a-z])-(?=[a-z])| (?:{_any('to')}) ", f" {_TO} "),
    )
    return [(re.compile(pattern), instead) for pattern, instead in each]


def _both(found: re.Match[str]) -> str:
    """Each day with the month, which of the 29th to the 3rd of January is for the first the one before."""
    first, last, month, year = found.groups()
    said = f"/{month}{year}" if month.isdigit() else f" {month}{year}"
    if int(first) <= int(last):
        return f"{first}{said} {_TO} {last}{said}"
    number = int(month) if month.isdigit() else month_words()[month]
    of_first = f"-{int(year[-4:]) - (number == 1)}" if year else ""
    return f"{first}/{(number - 2) % _MONTHS + 1}{of_first} {_TO} {last}{said}"


def _pairs(plain: str) -> str:
    for pattern, instead in _rewritten():
        plain = pattern.sub(instead, plain)
    return plain


@cache
def _whole() -> re.Pattern[str]:
    week = rf"\b(?:{_any('week')}|v)\.? ?"
    until = rf"(?: {_TO} {week}(?P<until>\d{{1,2}})\b(?!/))?"
    numbered = rf"{week}(?P<number>\d{{1,2}})\b(?!/){until}(?:,? (?P<year>20\d\d)\b)?"
    coming = rf"\b(?:{_any('next')}) (?:(?P<week>{_any('week')})|(?P<month>{_any('month')}))\b"
    return re.compile(rf"(?:\b(?:{_any('whole')}) )?(?:{numbered}|{coming})")


def _days_of(found: re.Match[str], today: date) -> str:
    """Nothing of a week that is not there."""
    if found["month"]:
        month = Month.of(today).next
        return f"{month.first} {month.last}"
    if not found["number"]:
        monday = today - timedelta(days=today.weekday() - 7)
        return f"{monday} {end_of(monday)}"
    days = [one for one in _weeks_of(found, today) if not isinstance(one, NoSuchWeek)]
    if found["until"]:
        return f"{days[0]} {_TO} {end_of(days[1])}" if len(days) > 1 else ""
    return f"{days[0]} {end_of(days[0])}" if days else ""


def _weeks_of(found: re.Match[str], today: date) -> list[date | NoSuchWeek]:
    """The Monday of each week that is named; the year is that of the last one."""
    week, until, year = (int(found[one]) if found[one] else None for one in ("number", "until", "year"))
    if week is None:
        return []
    if until is None:
        return [numbered_week(week, today, year, ahead=True)]
    if year:
        return [
            numbered_week(week, today, year - (until < week), ahead=True),
            numbered_week(until, today, year, ahead=True),
        ]
    return _coming_weeks(week, until, today)


def _coming_weeks(week: int, until: int, today: date) -> list[date | NoSuchWeek]:
    """From the one to the other, which may be of the next year; what has begun goes on from today."""
    first, last = (numbered_week(one, today, ahead=True) for one in (week, until))
    if isinstance(first, NoSuchWeek) or isinstance(last, NoSuchWeek):
        return [first, last]
    if last < first:
        begun = numbered_week(week, today, ahead=False)
        if not isinstance(begun, NoSuchWeek) and last - begun < _HALF_A_YEAR:
            return [today, last]
        return [first, numbered_week(until, first, ahead=True)]
    return [first, last]
