"""The five situations that are called lex Sarah (law-and-facts F3), each with what follows from it.

Which marks a signal has follows from its situation, and so do its points and its floor; at whose desk it is follows
too. The law's own words for what is to be done next are texts, by the situation's code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Situation:
    """`word` is what files say, `rule` names the paragraph of the law table; `ours` where the fault is our own."""

    code: str
    word: str
    marks: frozenset[str]
    rule: str | None
    ours: bool = False


_SITUATIONS = (
    Situation(
        "report_at_provider",
        "lex Sarah-rapport hos utföraren",
        frozenset({"lex_sarah"}),
        "provider_informs_of_report",
    ),
    Situation(
        "notified_by_provider",
        "lex Sarah anmäld till IVO av utföraren",
        frozenset({"ivo"}),
        "serious_wrong_to_ivo",
    ),
    Situation("own_activity", "lex Sarah i egen verksamhet", frozenset(), "own_investigation", ours=True),
    Situation(
        "serious_deficit",
        "allvarlig brist, pröva anmälan till IVO",
        frozenset({"serious_wrong"}),
        "serious_deficit_to_ivo",
    ),
    Situation("other_deviation", "övrig avvikelse", frozenset(), None),
)
SITUATIONS: Mapping[str, Situation] = MappingProxyType({one.code: one for one in _SITUATIONS})
OTHER = "other_deviation"


def situation_of(stored: str | None, marks: frozenset[str], *, ours: bool) -> Situation:
    """The one that was given; of a deviation from before there were any, the one that its marks tell."""
    if stored is not None:
        return SITUATIONS[stored]
    if ours:
        return SITUATIONS["own_activity" if marks else OTHER]
    told = {
        "ivo": "notified_by_provider",
        "serious_wrong": "serious_deficit",
        "lex_sarah": "report_at_provider",
    }
    return SITUATIONS[next((code for mark, code in told.items() if mark in marks), OTHER)]
