"""All that is written in a follow-up, as many cards as that takes, so that no text is cut."""

from dialogs.card import Button, Card, Facts, Part, Text
from dialogs.follow_ups.follow_up_card import acts, facts, step_card, title
from dialogs.turn import Stored, Turn
from followup.follow_ups.follow_up import AREAS, FollowUp, answers_of
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
    return sections + [(say(f"follow_up.{name}"), written[name]) for name in named]


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
    if not follow_up.closed:
        buttons.insert(0, Button(say("follow_up.to_step"), "show_follow_up", one))
    if following is not None:
        buttons.insert(0, Button(say("follow_up.next_page"), "read_follow_up", {**one, "start": following}))
    return tuple(buttons)
