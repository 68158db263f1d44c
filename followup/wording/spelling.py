"""When two spellings of a key are the same to whoever reads them."""

import unicodedata

_UNSEEN = frozenset({"Cf", "Cc", "Mn"})
_BETWEEN = frozenset({"Zs", "Zl", "Zp", "Pd"})
_MINUS = "\N{MINUS SIGN}"


def bare(text: str) -> str:
    """The text without what the eye passes over: case, blanks, dashes, and signs that are not seen."""
    return _folded(text).replace("-", "")


def is_alike(one: str, other: str) -> bool:
    """Whether they differ at most in what the eye passes over; a dash moved between digits is seen: 1-23 and 12-3."""
    if bare(one) != bare(other):
        return False
    parts, other_parts = _number_parts(one), _number_parts(other)
    return parts == other_parts or bare(one) in (parts, other_parts)


def with_code_points(text: str) -> str:
    """With the number of each sign that is not seen, or may be taken for another: E[U+2011]01."""
    return "".join(sign if sign.isascii() or sign.isalnum() else f"[U+{ord(sign):04X}]" for sign in text)


def _folded(text: str) -> str:
    """Every run of blanks and dashes as one dash."""
    signs = unicodedata.normalize("NFKC", text).casefold()
    kept = (sign for sign in signs if unicodedata.category(sign) not in _UNSEEN)
    spaced = "".join(
        " " if unicodedata.category(sign) in _BETWEEN or sign == _MINUS else sign for sign in kept
    )
    return "-".join(spaced.split())


def _number_parts(text: str) -> str:
    """With only the dashes that stand between digits."""
    folded = _folded(text)
    return "".join(
        sign
        for place, sign in enumerate(folded)
        if sign != "-" or (folded[place - 1].isdigit() and folded[place + 1].isdigit())
    )
