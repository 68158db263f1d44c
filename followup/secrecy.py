"""What must not be written, and what must not be counted out loud."""

import re
import unicodedata

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
    rf"(?!(?:19|20)\d\d[-./]\d\d[-./]\d\d)(?P<last>{_D}{{4}}|{_D}{{2}}[\W_]{_D}{{2}})(?![0-9])(?P<after>\W{{0,2}}\w*))"
)
_ONE_BY_ONE = re.compile(
    rf"(?<![0-9])(?=(?P<ten>{_D}(?:[\W_]{{1,3}}{_D}){{9}})(?P<two>(?:[\W_]{{1,3}}{_D}){{2}})?(?![0-9]))"
)
# Without a check digit: the letters alone tell that it is no number of another kind.
_RESERVE = re.compile(
    rf"(?<![0-9])(?P<date>{_CENTURY}?[0-9OoIl]{{6}})"
    r"(?:\s?[-+\u2010-\u2015\u2212]?\s?[A-ZÅÄÖ]{1,2}|[-+\u2010-\u2015\u2212]?[a-zåäö]{1,2})[0-9]{2,3}(?!\w)"
)
_MOBILE = re.compile("07[02369][0-9]{7}")
_TIME_OR_YEAR = re.compile(r"(?:[01]\d|2[0-3])[:.]?[0-5]\d|(?:19|20)\d\d")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[:.][0-5]\d")
_AMOUNT = re.compile(r"\s?(?:kr|kronor|sek|:-)", re.IGNORECASE)
_WITHOUT_ZEROS = re.compile(r"(\d{7,9}|\d{1,3}(?: \d{3}){2})(?:[.,]0+)?", re.ASCII)


def is_few(placements: int) -> bool:
    """Whether what is said of a unit with so many placements must be said without days and counts."""
    return placements < FEW


def holds_personal_number(text: str) -> bool:
    """True when the text holds a personnummer, a samordningsnummer, a T-number or a reserve number.

    Ten and twelve digits however they are divided (law-and-facts F17); what is as likely a mobile number, or a
    date with a time, a year or an amount after it, is let through. docs/personnummer.md has the rates.
    """
    return any(
        any(map(_is_grouped_number, _GROUPED.finditer(plain)))
        or any(map(_is_spaced_number, _ONE_BY_ONE.finditer(plain)))
        or any(_is_birth_date(found["date"]) for found in _RESERVE.finditer(plain))
        for plain in _as_seen(text)
    )


def cell_holds_personal_number(text: str) -> bool:
    """The same of a cell, which may have been a number and lost its first zeros (0805122389 as 805122389)."""
    return holds_personal_number(text) or any(map(_lost_its_zeros, _as_seen(text)))


def _lost_its_zeros(plain: str) -> bool:
    alone = _WITHOUT_ZEROS.fullmatch(plain.strip())
    digits = alone[1].replace(" ", "").zfill(10) if alone else ""
    return _validates(digits) and not _MOBILE.fullmatch(digits)


def _as_seen(text: str) -> set[str]:
    """As it looks to a reader: without what is invisible or only adorns, every digit as an ordinary one.

    Twice, since a raised figure after a number may be the mark of a note and no part of it.
    """
    if text.isascii():
        return {text}
    return {_plain(unicodedata.normalize(form, text)) for form in ("NFC", "NFKC")}


def _plain(text: str) -> str:
    seen = (sign for sign in text if unicodedata.category(sign) not in ("Cf", "Mn", "Me"))
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in seen)


def _is_grouped_number(found: re.Match[str]) -> bool:
    """Two pairs at the end follow a date of figures alone: pairs all through are a telephone number, or dates."""
    if found["sep"] and len(found["last"]) > len("1234"):
        return False
    return _validates(found["date"] + found["last"]) and not _is_another_number(found)


def _is_another_number(found: re.Match[str]) -> bool:
    """A mobile number, or a date with a time, a year or an amount after it, written as such."""
    if _CLOCK.fullmatch(found["last"]):
        return True
    if found["sep"] and found["sep"] in "-./" and any(sign.isspace() for sign in found["gap"]):
        return bool(_TIME_OR_YEAR.fullmatch(found["last"]) or _AMOUNT.match(found["after"]))
    return bool(_MOBILE.fullmatch(found["date"] + found["gap"] + found["last"]))


def _is_spaced_number(found: re.Match[str]) -> bool:
    return _validates(found["ten"]) or bool(found["two"] and _validates(found["ten"] + found["two"]))


def _validates(candidate: str) -> bool:
    return bool(personnummer.valid(re.sub(r"\D", "", candidate.translate(_TO_DIGITS))))


def _is_birth_date(date: str) -> bool:
    """Whether the digits are a day of some year; a samordningsnummer's day is 60 more."""
    digits = date.translate(_TO_DIGITS)
    return any(_validates(f"{digits}001{check}") for check in range(10))
