"""A form that is kept while it is written: which drawing of it sends, and what is kept of it from another tab."""

from collections.abc import Iterable, Mapping

from dialogs.card import Field, Part
from services.drafts import Draft, Elsewhere, FormDrawing
from workspace.frame.visit import DRAFTS, MOST_DRAFTS, Visit

# What every such form carries beside its answers.
CARRIED = frozenset({"version", "gor", DRAFTS})


def drawing_of(visit: Visit) -> FormDrawing:
    return FormDrawing(visit.asked.nonce, frozenset(visit.asked.known_drafts))


def known_then(visit: Visit, draft: Draft | None) -> dict[str, object]:
    """What the form that is drawn now sends back: the drawings whose drafts she has seen, that of this one too."""
    nonces = [*visit.asked.known_drafts, visit.asked.nonce, draft.drawing if draft else ""]
    return {"known_drafts": " ".join(list(dict.fromkeys(one for one in nonces if one))[-MOST_DRAFTS:])}


def line_of(visit: Visit, other: Elsewhere) -> str:
    """Why what is being written has not been kept."""
    return visit.say("page.draft.elsewhere", at=visit.say.time_of_day(other.draft.saved_at))


def only_there(here: Iterable[Part], there: Iterable[Part]) -> list[tuple[str, str]]:
    """What her other tab has in the form's fields and this one has not, each by its label and in words."""
    typed = {one.id: one.value for one in here if isinstance(one, Field)}
    return [
        (one.label, _said(one))
        for one in there
        if isinstance(one, Field) and one.value and one.value != typed.get(one.id)
    ]


def _said(field: Field) -> str:
    chosen = field.value.split(",") if field.kind == "choices" else [field.value]
    words: Mapping[str, str] = {one.value: one.title for one in field.choices}
    return ", ".join(words.get(one, one) for one in chosen)
