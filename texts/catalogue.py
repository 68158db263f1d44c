"""The catalogue: every text by its id, in Swedish and English, with its values written the language's way."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from followup.times.calendar import municipal
from followup.times.month import Month, MonthName, Months
from followup.wording.wording import InEachLanguage, Wording

LANGUAGES = ("sv", "en")
LOCALE = Path(__file__).parent / "locale"


class MissingTextError(KeyError):
    """The catalogue has no text with that id."""


class Texts:
    """Speaks one language: Swedish where the one asked for is not spoken here."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.locale = _locale(self.language)

    def __call__(self, id: str, **values: object) -> str:  # noqa: A002 - the catalogue's own word for it.
        return self._said(id, values)

    def say(self, wording: Wording) -> str:
        return self._said(wording.id, wording.values)

    def _said(self, id_: str, values: Mapping[str, object]) -> str:
        number = values.get("n")
        text = _text(self.language, id_, number if isinstance(number, int) else None)
        return text.format(**{name: self.write(value) for name, value in values.items()})

    def write(self, value: object) -> str:
        """A value as people read it: dates in words, decimal comma, a nested wording said."""
        writer = _WRITERS.get(type(value))
        return writer(self, value) if writer else str(value)

    def weekday(self, day: date) -> str:
        """The day with its weekday: torsdag 5 november."""
        return _in_words(day, "EEEE d MMMM", self.locale)

    def day_in_full(self, day: date) -> str:
        """The day with its weekday and its year: torsdag 5 november 2026."""
        return _in_words(day, "EEEE d MMMM y", self.locale)

    def short(self, month: Month) -> str:
        """The month as a chart's axis has room for it: okt 26."""
        return _in_words(month.first, "LLL yy", self.locale).replace(".", "")

    def time_of_day(self, moment: datetime) -> str:
        """The municipality's clock: 14:02."""
        return format_datetime(municipal(moment), "HH:mm", locale=self.locale)

    def has(self, id: str) -> bool:  # noqa: A002
        try:
            _text(self.language, id, None)
        except MissingTextError:
            return False
        return True


def capital(sentence: str) -> str:
    """With a capital letter first, since months and kinds have none in Swedish."""
    return sentence[:1].upper() + sentence[1:]


def catalogue_files(language: str) -> list[Path]:
    return sorted((LOCALE / language).glob("*.po"))


@cache
def messages(language: str) -> Mapping[str, tuple[str, ...]]:
    """Every id with its text, or with the two forms that its number chooses between."""
    found: dict[str, tuple[str, ...]] = {}
    for path in catalogue_files(language):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                id_, text = message.id, message.string or ""
                forms = (text,) if isinstance(text, str) else tuple(text)
                found[id_ if isinstance(id_, str) else id_[0]] = forms
    # The files' own heads.
    found.pop("", None)
    return MappingProxyType(found)


# A turn has several that speak, and to make a locale takes longer than to say a sentence.
_locale = cache(Locale.parse)


# To look up the ten texts of a card's rows again and again would be a hundredth of what it takes to hand in.
@lru_cache(maxsize=16_384)
def _text(language: str, id_: str, number: int | None) -> str:
    """As it stands in the catalogue, its values not yet filled in; the number chooses the plural, where it has one."""
    forms = messages(language).get(id_)
    if forms is None:
        raise MissingTextError(id_)
    # In both languages the first is for one alone.
    return forms[0] if number in {None, 1} else forms[-1]


@lru_cache(maxsize=4096)
def _in_words(day: date, pattern: str, locale: Locale) -> str:
    """Cards name the same few days and months again and again."""
    return format_date(day, pattern, locale=locale)


def _write_instant(texts: Texts, value: datetime) -> str:
    return format_datetime(municipal(value), "d MMMM y HH:mm", locale=texts.locale)


def _write_day(texts: Texts, value: date) -> str:
    return _in_words(value, "d MMMM y", texts.locale)


def _write_month(texts: Texts, value: Month) -> str:
    return _in_words(value.first, "MMMM y", texts.locale)


def _write_months(texts: Texts, value: Months) -> str:
    first, last = (_write_month(texts, one) for one in (value.first, value.last))
    return first if first == last else f"{first}–{last}"


def _write_month_name(texts: Texts, value: MonthName) -> str:
    return _in_words(value.month.first, "MMMM", texts.locale)


def _write_list(texts: Texts, values: tuple[object, ...]) -> str:
    return ", ".join(texts.write(value) for value in values)


def _write_in_each(texts: Texts, value: InEachLanguage) -> str:
    return texts.write(value.words[texts.language])


def _write_ratio(texts: Texts, value: float) -> str:
    return format_decimal(value, "0.00", locale=texts.locale)


def _write_decimal(texts: Texts, value: Decimal) -> str:
    """With every decimal that it has: of a limit or a base level none is too small to matter."""
    return format_decimal(value, locale=texts.locale, decimal_quantization=False)


_WRITERS: Mapping[type, Callable[[Texts, Any], str]] = {
    Wording: Texts.say,
    InEachLanguage: _write_in_each,
    datetime: _write_instant,
    date: _write_day,
    Month: _write_month,
    MonthName: _write_month_name,
    Months: _write_months,
    float: _write_ratio,
    Decimal: _write_decimal,
    tuple: _write_list,
}
