"""Spans of days as people name them: nästa vecka, vecka 32, 3–7 mars, fredag till tisdag."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import cache

from followup.questions.words import folded
from followup.times.month import Month
from texts.catalogue import LANGUAGES
from texts.named_days import days_in, month_words, phrases

_TO = "till"
_HALF_A_YEAR, _A_MONTH, _MONTHS = timedelta(days=183), timedelta(days=31), 12
_A_YEAR = timedelta(weeks=52)
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


def spelled(text: str, today: date) -> str:
    """The text, folded, with its weeks and months as their first and last days, and one word for until."""
    return _whole().sub(lambda found: _days_of(found, today), _pairs(" ".join(folded(text).split())))


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
    numbered = rf"{week}(?P<number>\d{{1,2}})\b(?!/)(?: {_TO} {week}(?P<until>\d{{1,2}})\b(?!/))?"
    coming = rf"\b(?:{_any('next')}) (?:(?P<week>{_any('week')})|(?P<month>{_any('month')}))\b"
    return re.compile(rf"(?:\b(?:{_any('whole')}) )?(?:{numbered}|{coming})")


def _days_of(found: re.Match[str], today: date) -> str:
    """A number that no week has is left as it stands."""
    if found["month"]:
        month = Month.of(today).next
        return f"{month.first} {month.last}"
    if found["until"]:
        return _weeks(int(found["number"]), int(found["until"]), today) or found[0]
    monday = _numbered(int(found["number"]), today) if found["number"] else _monday(today) + timedelta(days=7)
    return found[0] if monday is None else f"{monday} {monday + timedelta(days=6)}"


def _weeks(week: int, until: int, today: date) -> str | None:
    """From the one to the other, which may be of the next year; what has begun goes on from today."""
    first, last = _numbered(week, today), _numbered(until, today)
    if first is not None and last is not None and last < first:
        begun = next(
            (one for one in _mondays(week, range(today.year + 1, today.year - 2, -1)) if one <= today), None
        )
        if begun is not None and last - begun < _HALF_A_YEAR:
            first = today
        else:
            last = _numbered(until, first)
    # Most years have no week 53, and till that of another one is not what was meant.
    if first is None or last is None or last - first > _A_YEAR:
        return None
    return f"{first} {_TO} {last + timedelta(days=6)}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _numbered(week: int, today: date) -> date | None:
    """The Monday of the first week with the number that is not over; New Year's Day may be in the last year's last."""
    coming = _mondays(week, range(today.year - 1, today.year + 9))
    return next((one for one in coming if one >= _monday(today)), None)


def _mondays(week: int, years: Iterable[int]) -> Iterator[date]:
    for year in years:
        with suppress(ValueError):
            yield date.fromisocalendar(year, week, 1)
