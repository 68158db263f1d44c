"""All that is written in a follow-up, as many cards as that takes, so that no text is cut."""

from dataclasses import replace

from dialogs.card import Button, Card, Facts, Part, Text
from dialogs.follow_ups.follow_up_card import acts, facts, step_card, title
from dialogs.turn import Reply, Stored, Turn, read_beside
from followup.follow_ups.checklist import GROUNDS, CheckedPoint, checked, kinds_of_evidence
from followup.follow_ups.follow_up import AREAS, FollowUp, answers_of
from followup.wording.wording import wording
from services.views import follow_ups
from services.views.follow_ups import FollowUpView
from texts.catalogue import Texts

# Characters of text, and what the list of actions takes, in a card that Teams still accepts.
ROOM, ROOM_FOR_ACTIONS = 8000, 4500


def card_of(turn: Turn, follow_up: FollowUp, *notes: Part) -> Card:
    """The current step, or what was written when it is closed."""
    view = follow_ups.view_of(turn.acting, follow_up)
    if follow_up.closed:
        return record_card(turn, view, *notes)
    return step_card(turn, view, notes=notes)


def shown(turn: Turn, follow_up: FollowUp, *notes: Part, effect: Stored | None = None) -> Reply:
    """Its card; where all that is known of the unit stands in its fields, read beside whoever writes."""

    def read(later: Turn) -> Reply:
        return Reply(card=card_of(later, follow_up, *notes))

    if follow_ups.begins_with_evidence(follow_up):
        return read_beside(turn, read, effect, is_form=True)
    return replace(read(turn), effect=effect)


def stored(follow_up: FollowUp) -> Stored:
    return Stored("follow_up", {"follow_up": follow_up.id, "version": follow_up.version})


def record_card(turn: Turn, view: FollowUpView, *notes: Part, start: int = 0) -> Card:
    """The sections from the start that fit together; the actions come last."""
    say, follow_up = turn.say, view.one
    written, following = page_of_sections(follow_up, start, say)
    parts: list[Part] = [
        Text(title(view, say), "title"),
        *notes,
        Facts(facts(view, say)),
        *written,
    ]
    if following is None:
        parts += [Text(say("actions.title"), "heading"), *acts(view, say)]
    return Card(say("follow_up.summary"), tuple(parts), _buttons(follow_up, say, following))


def page_of_sections(follow_up: FollowUp, start: int, say: Texts) -> tuple[list[Part], int | None]:
    """What fits from the start, and where the next page begins; None where its actions have room on this one."""
    sections = _sections(follow_up, say)
    start = min(start, len(sections))
    end, room = _page([len(text) for _, text in sections], start)
    parts: list[Part] = []
    for heading, text in sections[start:end]:
        parts += [Text(heading, "heading"), Text(text)]
    if not sections:
        parts.append(Text(say("follow_up.nothing_written"), "subtle"))
    return parts, None if end == len(sections) and room >= ROOM_FOR_ACTIONS else end


def _sections(follow_up: FollowUp, say: Texts) -> list[tuple[str, str]]:
    """What has been written, each with its heading."""
    written = answers_of(follow_up)
    who = ", ".join(say(f"choice.participant.{one}") for one in follow_up.participants)
    sections = [(say("follow_up.participants"), who)] if who else []
    named = [name for name in (*AREAS, "satisfaction", "strengths", "improvements") if name in written]
    sections += [
        (say(f"follow_up.{name}"), _with_evidence(follow_up, name, written[name], say)) for name in named
    ]
    return sections + _checklist(follow_up, say)


def _with_evidence(follow_up: FollowUp, area: str, text: str, say: Texts) -> str:
    """The area's text, and on what it rests where that was asked."""
    marked = kinds_of_evidence(follow_up.marked, area)
    kinds = tuple(wording(f"choice.evidence_kind.{one}") for one in marked)
    return f"{text}\n\n{say('follow_up.rests_on', kinds=kinds)}" if kinds else text


def _checklist(follow_up: FollowUp, say: Texts) -> list[tuple[str, str]]:
    """A section for each ground, with its points as they were marked."""
    found = checked(follow_up.marked)
    return [
        (say(f"section.check_{ground}"), "\n\n".join(_point(one, say) for one in points))
        for ground in GROUNDS
        if (points := [one for one in found if one.ground == ground])
    ]


def _point(one: CheckedPoint, say: Texts) -> str:
    state = say(f"choice.check_state.{one.state}")
    said = say("follow_up.checked", point=say(f"follow_up.{one.point}"), state=state)
    return f"{said} {one.note}" if one.note else said


def _page(lengths: list[int], start: int) -> tuple[int, int]:
    """Where the next page begins, and how much room is left on this one."""
    end, room = start, ROOM
    while end < len(lengths) and lengths[end] <= room:
        room -= lengths[end]
        end += 1
    return end, room


def _buttons(follow_up: FollowUp, say: Texts, following: int | None) -> tuple[Button, ...]:
    one = {"follow_up": follow_up.id}
    buttons = [Button(say("actions.all"), "actions", one), Button(say("follow_up.all"), "follow_ups")]
    if follow_up.verdict is not None:
        buttons.insert(0, Button(say("diary_number.add"), "diary_number_form", one))
    if not follow_up.closed:
        buttons.insert(0, Button(say("follow_up.to_step"), "show_follow_up", one))
    if following is not None:
        buttons.insert(0, Button(say("follow_up.next_page"), "read_follow_up", {**one, "start": following}))
    return tuple(buttons)
