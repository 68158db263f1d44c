"""What must not be written, and what must not be counted out loud."""

import re

from personnummer import personnummer

# With fewer placements a date and a count would point at a child (law-and-facts F10).
FEW = 3
# Blanks, also those that word processors hide; at most three, so that a long row of them takes no time.
_GAP = r"[\s\u00ad\u200b]{0,3}"
# A lookahead, so that a number that begins inside another candidate is seen too. One date after another is none.
_CANDIDATE = re.compile(
    r"(?<!\d)(?=((?:18|19|20)?\d\d([-\s]?)\d\d\2\d\d"
    rf"{_GAP}[-+‐-―−]?{_GAP}"
    r"(?!(?:19|20)\d\d-\d\d-\d\d)\d{4})(?!\d))"
)


def is_few(placements: int) -> bool:
    """Whether what is said of a unit with so many placements must be said without days and counts."""
    return placements < FEW


def holds_personal_number(text: str) -> bool:
    """True when the text holds something that validates as a personnummer or a samordningsnummer.

    Ten and twelve digits, with hyphen, plus sign, dash or blanks between (law-and-facts F17).
    """
    return any(_validates(found[1]) for found in _CANDIDATE.finditer(text))


def _validates(candidate: str) -> bool:
    return bool(personnummer.valid(re.sub(r"\D", "", candidate)))
