"""What the demo municipality's workers say when a placement has ended."""

from collections.abc import Mapping
from random import Random

from documents.demo.placements import DemoPlacement
from followup.wording.form import Answers

# By the register's reason: the closing reasons, and what is likely to be said of goals, of the time and of again.
_LIKELY: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "planerad avslutning": ("planned,goals", ("reached", "largely"), ("good", "good", "mixed"), ("yes",)),
    "hemflytt": ("home", ("largely", "partly"), ("good", "mixed"), ("yes", "yes", "conditions")),
    "ålder": ("age", ("largely", "partly"), ("good", "mixed"), ("yes", "conditions")),
    "omplacering annat": ("planned", ("largely", "partly"), ("good", "mixed"), ("yes", "conditions")),
    "omplacering kvalitet": ("quality", ("partly", "not"), ("mixed", "bad"), ("conditions", "no")),
}
_CHILD_WORDS = {
    "good": ("Det var lugnt och jag fick hjälp med skolan.", "Jag vill hälsa på ibland."),
    "mixed": ("Personalen var snäll, men det var långt till kompisarna.", "Bra mat, men för mycket bråk."),
    "bad": ("Ingen lyssnade när jag sa ifrån.",),
}
_TO_KNOW = {
    "yes": ("Fungerar bra för den som behöver tydliga rutiner.", ""),
    "conditions": ("Passar inte den som behöver sällskap på kvällarna.", "Kräver tät kontakt om skolan."),
    "no": ("Händelser berättades för sent.",),
}


def closing_answers(stay: DemoPlacement) -> Answers:
    """By chance of its own, so that nothing else of the municipality is another for it."""
    chance = Random(f"{stay.case} {stay.unit}")
    reasons, *likely = _LIKELY[stay.why]
    goals, view, again = map(chance.choice, likely)
    return {
        "goals_met": goals,
        "reasons": reasons,
        "child_view": view,
        "child_words": chance.choice(_CHILD_WORDS[view]),
        "again": again,
        "to_know": chance.choice(_TO_KNOW[again]),
    }
