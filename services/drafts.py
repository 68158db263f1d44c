"""What is kept of a form while it is written: clean, no longer than any form, and without a personnummer.

One may have the same form in two tabs, or on two devices: neither takes the place of what the other has kept before
it has been shown there.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from followup.wording.form import UNANSWERED, clean_text
from followup.wording.secrecy import holds_personal_number
from services.acting import Acting
from storage.engine.drafts import About, Draft, Drafts

# What pages know of it too.
__all__ = [
    "Draft",
    "Elsewhere",
    "FormDrawing",
    "KeptDraft",
    "TooLong",
    "elsewhere",
    "keep_draft",
    "only_begins",
    "takes_away",
]
# More than any form holds that a person fills in.
LONGEST = 40_000


@dataclass(frozen=True)
class KeptDraft:
    """`left_out` are the fields that hold a personnummer, which is kept nowhere."""

    draft: Draft
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class FormDrawing:
    """One time that a form was drawn; `seen` are the earlier ones whose drafts it shows or has told of."""

    nonce: str = ""
    seen: frozenset[str] = frozenset()

    def knows(self, draft: Draft) -> bool:
        return not draft.drawing or draft.drawing == self.nonce or draft.drawing in self.seen


@dataclass(frozen=True)
class Elsewhere:
    """Her draft from another tab, which this drawing of the form does not know; it stays as it is."""

    draft: Draft


@dataclass(frozen=True)
class TooLong:
    """What was kept before stays."""

    length: int


@dataclass(frozen=True)
class Keepable:
    typed: dict[str, str]
    left_out: tuple[str, ...]


def keepable(typed: Mapping[str, str]) -> Keepable | TooLong:
    filled = {name: clean_text(value) for name, value in typed.items() if value.strip()}
    length = sum(len(name) + len(value) for name, value in filled.items())
    if length > LONGEST:
        return TooLong(length)
    left_out = tuple(name for name, value in filled.items() if holds_personal_number(value))
    return Keepable({name: value for name, value in filled.items() if name not in left_out}, left_out)


def elsewhere(draft: Draft | None, typed: Mapping[str, str], drawing: FormDrawing) -> Elsewhere | None:
    """None where she knows of what is kept, or has typed the same."""
    if draft is None or drawing.knows(draft):
        return None
    kept = keepable(typed)
    same = isinstance(kept, Keepable) and kept.typed == draft.typed
    return None if same else Elsewhere(draft)


def only_begins(typed: Mapping[str, str], stored: Mapping[str, str], texts: Collection[str]) -> bool:
    """Whether all that is said stands: the same answers or fewer, and of each of the `texts` a beginning."""
    return all(_begins(value, stored.get(name, ""), is_text=name in texts) for name, value in typed.items())


def takes_away(
    typed: Mapping[str, str], stored: Mapping[str, str], began: Mapping[str, str], texts: Collection[str]
) -> bool:
    """Whether less is said of anything than she `began` with: that may begin as what stands does, and is yet hers."""
    differing = {name: value for name, value in began.items() if typed.get(name, "") != stored.get(name, "")}
    return any(
        _begins(typed.get(name, ""), value, is_text=name in texts)
        and not _begins(value, typed.get(name, ""), is_text=name in texts)
        for name, value in differing.items()
    )


def _begins(value: str, stands: str, *, is_text: bool) -> bool:
    if value in ("", UNANSWERED):
        return True
    return stands.startswith(value) if is_text else set(value.split(",")) <= set(stands.split(","))


def keep_draft(
    acting: Acting,
    drafts: Drafts[About],
    about: About,
    typed: Mapping[str, str],
    version: int,
    drawing: FormDrawing,
    is_saved: Callable[[Draft], bool],
) -> KeptDraft | TooLong | Elsewhere:
    """In the place of what was kept before, as far as she knows of it; one that `is_saved` came after the form itself.

    That one is told as kept, and is kept nowhere.
    """
    kept = keepable(typed)
    if isinstance(kept, TooLong):
        return kept
    other = elsewhere(drafts.of(acting.tx, about, acting.person.id), typed, drawing)
    if other is not None:
        return other
    draft = Draft(kept.typed, version, acting.now, drawing.nonce)
    if not is_saved(draft):
        drafts.save(acting.tx, about, acting.person.id, draft)
    return KeptDraft(draft, kept.left_out)
