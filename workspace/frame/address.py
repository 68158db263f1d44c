"""Where things are on the pages, and which of them a deep link from the chat may name: kind and number only."""

import re

from followup.signals.signal import NUMBER_LETTER
from workspace.frame.entry import ROOT

# As a deep link names them, and as they stand under ROOT.
LINKED = re.compile(
    r"(mina|desk|lage|obesvarade|urval|urval/2[0-9]{3}|ny-signal|frister|barn/[1-9][0-9]{0,8}|rapport/[1-9][0-9]{0,8}"
    r"|enhet/[1-9][0-9]{0,8}|signal/[1-9][0-9]{0,8}|larm/[1-9][0-9]{0,8}|uppf/[1-9][0-9]{0,8})",
    re.ASCII,
)
# By the letter of a number as the cards have it; a letter of a signal's own leads to the signal.
OF_REPORTS = ("R", "B", "U", "P")
BY_LETTER = {
    "L": "larm",
    "UF": "uppfoljning",
    "Å": "atgard",
    **dict.fromkeys(NUMBER_LETTER.values(), "signal"),
}
_TYPED = re.compile(r"([A-ZÅÄÖ]{1,2})[-‐‑–−]?\s?([1-9][0-9]{0,8})")
# What a link names shorter than its page.
SHORT = {"uppf": "uppfoljning"}
HOMES = frozenset({"mina", "desk", "lage"})


def address_of(link: str) -> str | None:
    """The page that the link names; None for what is no link of ours."""
    if not LINKED.fullmatch(link):
        return None
    kind, slash, number = link.partition("/")
    return ROOT if link in HOMES else f"{ROOT}/{SHORT.get(kind, kind)}{slash}{number}"


def address_of_number(typed: str) -> str | None:
    """Where the thing with the number is, as people write it: l3, K-130; None for what is no such number."""
    found = _TYPED.fullmatch(typed.strip().upper())
    if found is None:
        return None
    letter, number = found.groups()
    if letter in OF_REPORTS:
        return f"/rad/{letter}-{number}"
    return f"/{BY_LETTER[letter]}/{number}" if letter in BY_LETTER else None
