"""Where things are on the pages, and which of them a deep link from the chat may name: kind and number only."""

import re

from workspace.frame.entry import ROOT

# As a deep link names them, and as they stand under ROOT.
LINKED = re.compile(
    r"(mina|desk|lage|obesvarade|barn/[1-9][0-9]{0,8}|rapport/[1-9][0-9]{0,8}"
    r"|enhet/[1-9][0-9]{0,8}|signal/[1-9][0-9]{0,8}|larm/[1-9][0-9]{0,8}|uppf/[1-9][0-9]{0,8})",
    re.ASCII,
)
HOMES = frozenset({"mina", "desk", "lage"})


def address_of(link: str) -> str | None:
    """The page that the link names; None for what is no link of ours."""
    if not LINKED.fullmatch(link):
        return None
    return ROOT if link in HOMES else f"{ROOT}/{link}"
