"""What must not be written, and what must not be counted out loud."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from personnummer import personnummer

# With fewer placements a date and a count would point at a child (law-and-facts F10).
FEW = 3
_TO_DIGITS = str.maketrans("OoIl", "0011")
_D = "[0-9OoIl]"
_CENTURY = "(?:[1Il][89]|2[0Oo])"
# Bounded, so that a long row of blanks takes no time.
_GAP = r"(?P<gap>[\W_]{0,2}|\s{0,3}[\W_]?\s{0,3})"
# A lookahead, so that a number that begins inside another candidate is seen too. One date after another is none.
_GROUPED = re.compile(
    rf"(?<![0-9])(?=(?P<date>{_CENTURY}?{_D}{{2}}(?P<sep>[\W_]?){_D}{{2}}(?P=sep){_D}{{2}}){_GAP}"
    rf"(?!(?:19|20)\d\d[-./]\d\d[-./]\d\d)(?P<last>{_D}{{4}}|{_D}{{2}}[\W_]{_D}{{2}})(?![0-9]))"
)
# The whole row at once: whether ten of them are a number is asked of the digits alone.
_ONE_BY_ONE = re.compile(rf"(?<![0-9]){_D}(?:[\W_]{{1,3}}{_D}){{9,}}(?![0-9])")
# Without a check digit: the letters alone tell that it is no number of another kind.
_RESERVE = re.compile(
    rf"(?<![0-9])(?P<date>{_CENTURY}?[0-9OoIl]{{6}})"
    r"(?:\s?[-+\u2010-\u2015\u2212]?\s?[A-ZÅÄÖ]{1,2}|[-+\u2010-\u2015\u2212]?[a-zåäö]{1,2})[0-9]{2,3}(?!\w)"
)
_MOBILE = re.compile("07[02369][0-9]{7}")
_TIME_OR_YEAR = re.compile(r"(?:[01]\d|2[0-3])[:.]?[0-5]\d|(?:19|20)\d\d")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[:.][0-5]\d")
_AMOUNT = re.compile(r"\s?(?:(?:kr|kronor|sek)\b|:-)", re.IGNORECASE)
# As a number cell shows it: with thousands apart, or without the zeros that it began with.
_NUMBER_CELL = re.compile(r"(\d{7,9}|\d{1,3}(?: \d{3}){2,3})(?:[.,]0+)?", re.ASCII)
_OF_THE_GROWN = re.compile(r"\d{7}|20[12]\d{6}", re.ASCII)
# A reference may be in pieces (SN 2026/12).
_PIECE, _COMPOUND = re.compile(r"[\w-]+"), re.compile(r"-[^\W\d]+$")
PIECES, LONGEST_REFERENCE = 4, 100
_DOUBLED = str.maketrans("0123456789", "0246813579")


# Each kind has at least as many, among whatever else; most that is written has fewer, and is asked nothing more.
_ENOUGH_DIGITS = re.compile(rf"(?:{_D}[^0-9OoIl]*){{7}}")


def holds_personal_number(text: str) -> bool:
    """True when the text holds a personnummer, a samordningsnummer, a T-number or a reserve number.

    Ten and twelve digits however they are divided (law-and-facts F17); what is as likely a mobile number, or a
    date with a time, a year or an amount after it, is let through. docs/personnummer.md has the rates.
    """
    return any(
        any(map(_is_grouped_number, _GROUPED.finditer(plain)))
        or any(map(_holds_spaced_number, _ONE_BY_ONE.finditer(plain)))
        or any(_is_day(_digits_of(found["date"])) for found in _RESERVE.finditer(plain))
        for plain in _as_seen(text)
        if _ENOUGH_DIGITS.search(plain)
    )


def cell_holds_personal_number(text: str) -> bool:
    """The same of a cell, which may have been a number and lost its first zeros (0805122389 as 805122389)."""
    return holds_personal_number(text) or any(
        map(_is_number_cell, filter(_ENOUGH_DIGITS.search, _as_seen(text)))
    )


def are_numbers_of_their_own(texts: Iterable[str]) -> bool:
    """Whether those in a column that can be no child's are a series, as case references 2025014, 2025015 and on.

    One in ten of a series is by chance a personnummer without its first zeros. Of a column of personnummer all are.
    """
    numbers = {text for text in texts if is_no_childs(text)}
    return 2 * sum(map(cell_holds_personal_number, numbers)) <= len(numbers)


def is_no_childs(text: str) -> bool:
    """A number that could only be a personnummer, or samordningsnummer, of one who is no longer placed.

    Who has lost three zeros was born in the first months of 2000; 2025 and five digits, with its zero, is somebody
    born in February 2002, and 2019 in January: of that year too nobody is placed at 21.
    """
    return _OF_THE_GROWN.fullmatch(text) is not None


def _is_number_cell(plain: str) -> bool:
    alone = _NUMBER_CELL.fullmatch(plain.strip())
    digits = alone[1].replace(" ", "").zfill(10) if alone else ""
    return _validates(digits) and not _MOBILE.fullmatch(digits)


def _as_seen(text: str) -> set[str]:
    """As it looks to a reader: without what is invisible or only adorns, every digit as an ordinary one.

    Twice, since a raised figure after a number may be the mark of a note and no part of it.
    """
    if text.isascii():
        return {text}
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFKC")}
    return {"".join(map(_plain, form)) for form in forms}


# A text is written with few signs, and what each is seen as never changes.
@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    if unicodedata.category(sign) in ("Cf", "Mn", "Me"):
        return ""
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def _is_grouped_number(found: re.Match[str]) -> bool:
    if found["sep"] and len(found["last"]) > len("1234") and not _is_in_pairs(found):
        return False
    return _validates(found["date"] + found["last"]) and not _is_another_number(found)


def _is_in_pairs(found: re.Match[str]) -> bool:
    """12 02 29 23 87 and 12 02 29-23 87; other pairs after a date with signs in it are another date, or a telephone."""
    sep = found["sep"]
    return found["last"][2] == sep and (sep.isspace() or found["gap"] == sep)


def words_in(text: str) -> set[str]:
    """What may be a reference that stands in the text by itself, also in the genitive or before a hyphen."""
    pieces = list(_PIECE.finditer(text))
    # As they stand between blanks too, since a reference may have any sign in it.
    found = {one.strip(".,;:!?()\"”'") for one in text.split()}
    for place, first in enumerate(pieces):
        for last in pieces[place : place + PIECES]:
            word = text[first.start() : last.end()].strip("-_")
            if len(word) <= LONGEST_REFERENCE:
                found |= {word, word.removesuffix("s"), _COMPOUND.sub("", word)}
    return found


def _is_another_number(found: re.Match[str]) -> bool:
    """A mobile number, or a date with a time, a year or an amount after it, written as such."""
    if _CLOCK.fullmatch(found["last"]):
        return found["gap"] != found["sep"]
    if found["sep"] and found["sep"] in "-./" and any(sign.isspace() for sign in found["gap"]):
        is_amount = _AMOUNT.match(found.string, found.end("last"))
        return bool(_TIME_OR_YEAR.fullmatch(found["last"]) or is_amount)
    return bool(_MOBILE.fullmatch(found["date"] + found["gap"] + found["last"]))


def _holds_spaced_number(found: re.Match[str]) -> bool:
    """Ten of the digits in a row; the last ten of twelve are a number too."""
    digits = _digits_of(found[0])
    return any(_validates(digits[at : at + 10]) for at in range(len(digits) - 9))


def _validates(candidate: str) -> bool:
    """The library is slow, and is asked only of what is a day and has the right check digit."""
    digits = _digits_of(candidate)
    return _is_day(digits[:-4]) and _checks(digits[-10:]) and bool(personnummer.valid(digits))


def _digits_of(written: str) -> str:
    return re.sub(r"\D", "", written.translate(_TO_DIGITS))


def _checks(ten: str) -> bool:
    return sum(map(int, ten[::2].translate(_DOUBLED) + ten[1::2])) % 10 == 0


def _is_day(digits: str) -> bool:
    """Whether six or eight digits are a day of some year; a samordningsnummer's day is 60 more."""
    if len(digits) not in (len("YYMMDD"), len("YYYYMMDD")):
        return False
    year, month, day = int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:])
    try:
        date(year if year > 99 else 2000 + year, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True
