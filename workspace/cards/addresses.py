"""Which cards have an address of their own: the verb that opens each, and the numbers of what it is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.card import Button
from workspace.frame.entry import ROOT

# What of a report is evidence is named by a letter and a number.
ITEM = "item"
_ITEM, _NUMBER = re.compile(r"[A-Z]-[1-9][0-9]{0,8}", re.ASCII), re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class CardPage:
    """`about` is what the address names, as the card's button carries it; `tab` its text in the navigation."""

    path: str
    verb: str
    about: str = ""
    tab: str = ""
    reads_much: bool = False

    @property
    def route(self) -> str:
        return f"{self.path}/{{number}}" if self.about else self.path


# In the order of the navigation.
CARD_PAGES = (
    CardPage("/larm", "alerts", tab="page.tab.larm"),
    CardPage("/larm", "show_alert", "alert", reads_much=True),
    CardPage("/underlag", "alert_evidence", "alert", reads_much=True),
    CardPage("/signaler", "signals", tab="page.tab.signaler"),
    CardPage("/signal", "show_signal", "signal", reads_much=True),
    CardPage("/ny-signal", "signal_form", tab="page.tab.ny_signal"),
    CardPage("/rad", "show_report_row", ITEM, reads_much=True),
    CardPage("/uppfoljningar", "follow_ups", tab="page.tab.uppfoljningar"),
    CardPage("/atgard", "show_action", "action"),
    CardPage("/frister", "clocks", tab="page.tab.frister", reads_much=True),
    CardPage("/egna-fel", "own_faults", tab="page.tab.egna_fel", reads_much=True),
    CardPage("/basnivaer", "base_levels", reads_much=True),
    CardPage("/gallring", "retention", tab="page.tab.gallring"),
    CardPage("/lamna-over", "reassign_form", reads_much=True),
    CardPage("/franvaro", "leave_form", tab="page.tab.franvaro"),
)
# Where one came from, and what the page knows by itself.
_SAID_BESIDE = frozenset({"alert", "correct", "statement"})
# Buttons that lead to a page of its own.
_PAGES: Mapping[str, tuple[str, str]] = {
    "my_tasks": ("/mina", ""),
    "open_form": ("/rapport", "task"),
    "status": ("/lage", ""),
    "unanswered": ("/obesvarade", ""),
    "show_unit": ("/enhet", "unit"),
    "show_follow_up": ("/uppfoljning", "follow_up"),
    "actions": ("/atgarder", ""),
    "selection": ("/urval", ""),
    "threshold": ("/troskel", ""),
    **{one.verb: (one.path, one.about) for one in CARD_PAGES},
}


def page_behind(button: Button) -> str | None:
    """Where the button leads, of one that only opens what has a page; None of one that does something."""
    path, about = _PAGES.get(button.verb, ("", ""))
    if not path or set(button.data) - {about} - _SAID_BESIDE:
        # It says more than an address does, such as the kind of the signal that is to be told of.
        return None
    named = named_in(about, str(button.data.get(about, "")))
    if about and named is None:
        return None
    return f"{ROOT}{path}/{named}" if about else ROOT + path


def named_in(about: str, text: str) -> int | str | None:
    """What an address names, as a card's button carries it; None of what is no name of such a thing."""
    if about == ITEM:
        return text if _ITEM.fullmatch(text) else None
    return int(text) if _NUMBER.fullmatch(text) else None
