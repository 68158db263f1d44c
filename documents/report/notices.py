"""A page for each unit that was followed up, as the board's matter of notice (anmälningsärende, R105)."""

from collections.abc import Iterator, Mapping

from documents.report.blocks import Block, Heading, NamedValues, NewPage, Paragraph
from documents.report.marked import checklist
from documents.report.material import Internal
from followup.figures.year_facts import YearFollowUp
from followup.figures.year_follow_ups import by_name, verdict_words
from followup.follow_ups.follow_up import FollowUp
from followup.times.month import Month

# A page holds this much of what was written; the rest stands in the follow-up.
LONGEST = 700
# How it is said that there is none.
_UNKNOWN: Mapping[str, str] = {
    "decisions": "year.notice.no_decisions",
    "diary_number": "year.notice.no_diary_number",
}


def notices(material: Internal) -> list[Block]:
    """A follow-up that is held and has its verdict, each on a page of its own."""
    ready = judged(material)
    if not ready:
        return [
            Heading(1, material.words("year.notices.title")),
            Paragraph(material.words("year.nothing.notices")),
        ]
    blocks: list[Block] = []
    for number, one in enumerate(ready):
        blocks += [NewPage()] if number else []
        blocks += notice(material, one)
    return blocks


def judged(material: Internal) -> list[YearFollowUp]:
    """Each is a matter of notice as soon as it has its verdict."""
    return [one for one in by_name(material.facts) if one.follow_up.verdict]


def notice(material: Internal, review: YearFollowUp) -> list[Block]:
    words, follow_up = material.words, review.follow_up
    unit = material.facts.unit_of[follow_up.unit_id]
    return [
        Heading(1, words("year.notice.title", unit=unit.name)),
        Paragraph(words("year.notice.intro", number=follow_up.number)),
        NamedValues(list(_about(material, review))),
        *_texts(material, review),
        Paragraph(words("year.notice.proposal")),
    ]


def _texts(material: Internal, review: YearFollowUp) -> list[Block]:
    """Of a small unit no more than that the quality team has them."""
    words, follow_up = material.words, review.follow_up
    if _is_small(material, follow_up):
        return [Paragraph(words("year.notice.small", n=len(review.actions)))]
    return [
        *_checked(material, follow_up),
        Heading(2, words("year.notice.strengths")),
        Paragraph(_clipped(material, follow_up.strengths)),
        Heading(2, words("year.notice.improvements")),
        Paragraph(_clipped(material, follow_up.improvements)),
        Heading(2, words("year.notice.actions")),
        *_actions(material, review),
    ]


def _checked(material: Internal, follow_up: FollowUp) -> list[Block]:
    """What the checklist found wanting or left, since a page is to hold the notice."""
    found = list(checklist(material.words, follow_up, with_fulfilled=False))
    return [Heading(2, material.words("year.notice.checklist")), NamedValues(found)] if found else []


def _is_small(material: Internal, follow_up: FollowUp) -> bool:
    return follow_up.unit_id in material.facts.small


def _about(material: Internal, review: YearFollowUp) -> Iterator[tuple[str, str]]:
    words, follow_up = material.words, review.follow_up
    unit, small = material.facts.unit_of[follow_up.unit_id], _is_small(material, follow_up)
    values = {
        "diary_number": review.diary_number,
        "provider": unit.provider_name,
        "form": words.say(unit.care.said("year.form")),
        "ownership": words(f"year.ownership.{unit.ownership}"),
        "why": words("year.chosen" if review.reasons else "year.ad_hoc"),
        "method": words(f"choice.follow_up_method.{follow_up.method}") if follow_up.method else "",
        "held_on": _held(material, follow_up),
        "participants": _participants(material, follow_up),
        "verdict": words.label(verdict_words(follow_up.verdict)),
        "decisions": "; ".join(
            words("year.notice.decision", reference=name, day=day) for name, day in review.decisions
        ),
    }
    for name, value in values.items():
        if small and name == "participants":
            continue
        unknown = _UNKNOWN.get(name, "year.notice.unknown")
        yield words(f"year.notice.{name}"), value or words(unknown)


def _held(material: Internal, follow_up: FollowUp) -> str:
    """The month where the day would point at a child."""
    words, day = material.words, follow_up.held_on
    if day is None or not _is_small(material, follow_up):
        return words.cell(day)
    return words("year.month", month=Month.of(day))


def _participants(material: Internal, follow_up: FollowUp) -> str:
    return ", ".join(material.words(f"choice.participant.{one}") for one in follow_up.participants)


def _actions(material: Internal, review: YearFollowUp) -> list[Block]:
    words = material.words
    if not review.actions:
        return [Paragraph(words("year.notice.no_actions"))]
    rows = [
        (
            words("year.notice.action", due=one.due_on, state=words(f"action.state.{one.state}")),
            one.what if len(one.what) <= LONGEST else _clipped(material, one.what),
        )
        for one in review.actions
    ]
    return [NamedValues(rows)]


def _clipped(material: Internal, text: str) -> str:
    if not text:
        return material.words("year.notice.unknown")
    if len(text) <= LONGEST:
        return text
    return material.words("year.notice.clipped", text=text[:LONGEST].rsplit(" ", 1)[0])
