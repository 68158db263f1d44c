"""What one of the team is writing in a follow-up's step, kept for her, and how it meets what another has saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from followup import FollowUpId
from followup.follow_ups.follow_up import FollowUp, FollowUpStep, answers_of
from followup.follow_ups.meeting import Meeting, fields_of, meet
from services.acting import Acting, Refused, Why
from services.drafts import (
    Elsewhere,
    FormDrawing,
    KeptDraft,
    TooLong,
    elsewhere,
    keep_draft,
    only_begins,
    takes_away,
)
from services.follow_ups.steps import held, may_follow_up
from storage.engine.drafts import Draft
from storage.engine.locks import hold_follow_up
from storage.follow_ups import follow_ups
from storage.follow_ups.drafts import DRAFTS
from storage.register import people

# Of other drafts that nobody has written in for long, each time that one is kept.
MOST_FORGOTTEN = 10


@dataclass(frozen=True)
class MetAnother:
    """What she has written over an earlier version; `step` is the one that it was written in.

    `by` saved the newest version, at `at`.
    """

    meeting: Meeting
    step: FollowUpStep
    by: str
    at: datetime


def keep(
    acting: Acting, follow_up_id: FollowUpId, typed: Mapping[str, str], version: int, drawing: FormDrawing
) -> KeptDraft | TooLong | Elsewhere | Refused:
    """In the place of what was kept before, as far as she knows of it, and whoever has saved meanwhile.

    It counts for nothing.
    """
    found = held(acting, follow_up_id)
    if isinstance(found, Refused):
        return found
    began = _version(acting, found, version)
    if began is None or began.closed:
        return Refused(Why.CHANGED)
    own, is_saved = _of_step(typed, began), partial(_is_saved, acting, found)
    kept = keep_draft(acting, DRAFTS, found.id, own, version, drawing, is_saved)
    if isinstance(kept, KeptDraft):
        # There are few of them, and no timer for them alone.
        DRAFTS.forget_old(acting.tx, acting.now, MOST_FORGOTTEN)
    return kept


def kept_elsewhere(
    acting: Acting, follow_up_id: FollowUpId, typed: Mapping[str, str], version: int, drawing: FormDrawing
) -> Elsewhere | None:
    """Her draft from another tab, which would be lost if what is typed in this one were saved over the version."""
    if not may_follow_up(acting):
        return None
    hold_follow_up(acting.tx, follow_up_id)
    found = follow_ups.get(acting.tx, follow_up_id)
    if found is None or found.version != version:
        return None
    draft = draft_of(acting, found)
    if draft is None or _is_saved(acting, found, draft):
        return None
    return elsewhere(draft, _of_step(typed, found), drawing)


def _is_saved(acting: Acting, found: FollowUp, draft: Draft) -> bool:
    """Whether all of it stands in what has been saved since it was begun, or is the beginning of it.

    Where she has taken something away from what she began with, that is no beginning.
    """
    met, began = (
        met_another(acting, found, draft.typed, draft.version),
        _version(acting, found, draft.version),
    )
    if met is None or began is None:
        return False
    texts = [name for name, kind in fields_of(met.step).items() if kind in ("text", "line")]
    typed, saved, before = draft.typed, answers_of(found), _of_step(answers_of(began), began)
    begins = only_begins(typed, saved, texts) and not takes_away(typed, saved, before, texts)
    return begins or not met.meeting.changes_anything


def _of_step(typed: Mapping[str, str], began: FollowUp) -> dict[str, str]:
    return {name: value for name, value in typed.items() if name in fields_of(began.step)}


def draft_of(acting: Acting, found: FollowUp) -> Draft | None:
    """Hers alone, of what she has been let in to."""
    return DRAFTS.of(acting.tx, found.id, acting.person.id)


def drop(acting: Acting, follow_up_id: FollowUpId) -> None:
    """What she had written, once it is saved or let go."""
    DRAFTS.forget(acting.tx, follow_up_id, acting.person.id)


def met_another(acting: Acting, found: FollowUp, typed: Mapping[str, str], version: int) -> MetAnother | None:
    """None where it was typed over what stands, or over a version that there is not."""
    began = _version(acting, found, version)
    if began is None or version == found.version:
        return None
    meeting = meet(fields_of(began.step), answers_of(began), typed, answers_of(found))
    by = people.PeopleById(acting.tx)[found.author_id].name
    return MetAnother(meeting, began.step, by, found.recorded_at)


def _version(acting: Acting, found: FollowUp, version: int) -> FollowUp | None:
    return next((one for one in follow_ups.versions(acting.tx, found.id) if one.version == version), None)
