"""What was marked in a follow-up beside its texts, in words: on what each area rests, and its checklist."""

from collections.abc import Iterator

from documents.report.words import Words
from followup.follow_ups.checklist import checked, kinds_of_evidence
from followup.follow_ups.follow_up import FollowUp
from followup.wording.wording import wording


def with_evidence(words: Words, follow_up: FollowUp, area: str) -> str:
    """The area's text with on what it rests, where that was asked; empty where nothing is written."""
    text = follow_up.areas.get(area, "")
    marked = kinds_of_evidence(follow_up.marked, area)
    kinds = tuple(wording(f"choice.evidence_kind.{one}") for one in marked)
    return f"{text}\n{words('follow_up.rests_on', kinds=kinds)}" if text and kinds else text


def checklist(words: Words, follow_up: FollowUp, *, with_fulfilled: bool = True) -> Iterator[tuple[str, str]]:
    """Each point that was looked at or left, and how it was found with what was written of it."""
    shown = [one for one in checked(follow_up.marked) if with_fulfilled or one.state != "fulfilled"]
    for one in shown:
        state = words(f"choice.check_state.{one.state}")
        yield words(f"follow_up.{one.point}"), f"{state}. {one.note}" if one.note else state
