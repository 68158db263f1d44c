"""Follow-ups in the quality team's hands: the list, each step with what it demands, going back, and closing."""

from collections.abc import Callable
from dataclasses import replace

from dialogs.card import Button, Card, Part, Text
from dialogs.follow_ups.follow_up_card import late_because, quality_team, row, step_card
from dialogs.follow_ups.follow_up_record import card_of, record_card, stored
from dialogs.forms.offered import Command, Verb
from dialogs.turn import Reply, Turn
from followup.follow_ups.follow_up import FollowUp, after, before, before_closing, read_step, with_answers
from followup.messages.follow_ups import FollowUpGiven
from followup.people import Conversation
from followup.times.calendar import municipal_day, working_moment
from services.follow_ups import following_up
from services.follow_ups.overdue import late_selection
from storage import people
from storage.alerts import alerts
from storage.follow_ups import actions, board_decisions, follow_ups
from storage.messages import outbox
from storage.selection import selections

# A row may tell of three things that are late.
PAGE = 15


def open_list(turn: Turn) -> Reply:
    """Those that are open, what is late first, a page at a time."""
    say = turn.say
    years = follow_ups.cycle_years(turn.tx)
    listed = [(one, late_because(turn, one, years)) for one in follow_ups.open_ones(turn.tx)]
    found = sorted(listed, key=lambda pair: not pair[1])
    start = turn.said.press.number("start") or 0 if turn.said.press else 0
    page, rest = found[start : start + PAGE], len(found) - start - PAGE
    rows: list[Part] = [row(turn, *pair) for pair in page]
    parts = (
        Text(say("follow_ups.title"), "title"),
        *_late_selection(turn),
        *(rows or [Text(say("follow_ups.none"), "good")]),
    )
    buttons = [Button(say("actions.title"), "actions"), Button(say("follow_up.new"), "new_follow_up_form")]
    if rest > 0:
        buttons.append(Button(say("list.more", n=rest), "follow_ups", {"start": start + PAGE}))
    return Reply(card=Card(say("follow_ups.title"), parts, tuple(buttons)))


def _late_selection(turn: Turn) -> list[Part]:
    """The year's selection, when its day has passed and it is not drawn, or drawn and not locked."""
    today = municipal_day(turn.now)
    due, cycle = late_selection(turn.tx, turn.municipality.year, today), selections.named(turn.tx, today.year)
    if due is not None:
        return [Text(turn.say("follow_ups.no_selection", year=today.year, day=due), "warning")]
    if cycle is not None and cycle.state == "drawn":
        return [Text(turn.say("follow_ups.not_locked", year=today.year), "warning")]
    return []


def open_from_alert(turn: Turn) -> Reply:
    """Opens the alert's follow-up; what is written in it belongs in one's own chat, never in the channel."""
    alert = alerts.get(turn.tx, turn.press.number("alert") or 0)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    opened = following_up.open_for_alert(turn.tx, alert, turn.person.id, turn.now)
    if turn.said.channel:
        return Reply(notice=turn.say("follow_up.opened_elsewhere", number=opened.number))
    said = Text(turn.say("follow_up.opened", number=opened.number), "good")
    return Reply(card=card_of(turn, opened, said), effect=stored(opened))


def _pressed(turn: Turn) -> FollowUp | None:
    return follow_ups.get(turn.tx, turn.press.number("follow_up") or 0)


def show(turn: Turn) -> Reply:
    return _with(turn, lambda one: Reply(card=card_of(turn, one)))


def read_all(turn: Turn) -> Reply:
    start = turn.press.number("start") or 0
    return _with(turn, lambda one: Reply(card=record_card(turn, one, start=start)))


def _with(turn: Turn, answer: Callable[[FollowUp], Reply]) -> Reply:
    found = _pressed(turn)
    return Reply(notice=turn.say("follow_up.unknown")) if found is None else answer(found)


def unchanged(turn: Turn, answer: Callable[[FollowUp], Reply]) -> Reply:
    """Answers while the card shows the newest version; otherwise what is typed stays with the one who typed it."""

    def checked(found: FollowUp) -> Reply:
        if turn.press.number("version") == found.version:
            return answer(found)
        author = people.everyone(turn.tx)[found.author_id].name
        return Reply(notice=turn.say("follow_up.changed", name=author))

    return _with(turn, checked)


def save_step(turn: Turn) -> Reply:
    """Keeps what is written so far; only what is wrong is refused."""
    return unchanged(turn, lambda one: _take(turn, one, whole=False))


def next_step(turn: Turn) -> Reply:
    """Keeps the step and goes on, when all that it demands is there."""
    return unchanged(turn, lambda one: _take(turn, one, whole=True))


def _take(turn: Turn, follow_up: FollowUp, *, whole: bool) -> Reply:
    if follow_up.closed or follow_up.step == "act":
        return Reply(card=card_of(turn, follow_up))
    today, team = municipal_day(turn.now), [one.id for one in quality_team(turn)]
    answers, problems = read_step(follow_up, turn.press.inputs, today, team, whole=whole)
    if problems:
        return Reply(card=step_card(turn, follow_up, typed=turn.press.inputs, problems=problems))
    written = with_answers(follow_up, answers, today)
    step = after(follow_up.step) if whole else follow_up.step
    if written.owner_id != follow_up.owner_id:
        _tell_owner(turn, written)
    return _saved(turn, replace(written, step=step), "follow_up.gone_on" if whole else "follow_up.saved")


def _tell_owner(turn: Turn, given: FollowUp) -> None:
    """One who is given a follow-up by another is told of it."""
    if given.owner_id is None or given.owner_id == turn.person.id:
        return
    told, at = FollowUpGiven(given.id), working_moment(turn.now)
    key = told.key(given.version + 1)
    outbox.queue(turn.tx, key, told, turn.now, person_id=given.owner_id, not_before=at)


def _saved(turn: Turn, changed: FollowUp, said: str) -> Reply:
    saved = following_up.save(turn.tx, changed, turn.person.id, turn.now)
    return Reply(card=card_of(turn, saved, Text(turn.say(said), "good")), effect=stored(saved))


def step_back(turn: Turn) -> Reply:
    """The step before, with all that was written in it and after it."""

    def back(found: FollowUp) -> Reply:
        step = before(found.step)
        if step is None:
            return Reply(card=card_of(turn, found))
        return _saved(turn, replace(found, step=step), "follow_up.gone_back")

    return unchanged(turn, back)


def close(turn: Turn) -> Reply:
    return unchanged(turn, lambda one: _close(turn, one))


def _close(turn: Turn, follow_up: FollowUp) -> Reply:
    if follow_up.step != "act":
        return Reply(card=card_of(turn, follow_up))
    states = [one.state for one in actions.of_follow_up(turn.tx, follow_up.id)]
    decisions = len(board_decisions.of_follow_up(turn.tx, follow_up.id))
    problems = before_closing(follow_up, states, decisions)
    if problems:
        return Reply(card=step_card(turn, follow_up, problems=problems))
    closed = following_up.close(turn.tx, follow_up, turn.person.id, turn.now)
    done = Text(turn.say("follow_up.closed"), "good")
    return Reply(card=card_of(turn, closed, done), effect=stored(closed))


OFFERED = (
    Command(
        "follow_ups",
        Conversation.FOLLOW_UPS,
        ("uppföljningar", "uppföljning", "uppfoljningar", "uppfoljning", "follow-ups", "followups"),
        open_list,
    ),
    Verb("follow_up_alert", Conversation.ALERT_DESK, open_from_alert),
    Verb("follow_ups", Conversation.FOLLOW_UPS, open_list),
    Verb("show_follow_up", Conversation.FOLLOW_UPS, show),
    Verb("read_follow_up", Conversation.FOLLOW_UPS, read_all),
    Verb("save_step", Conversation.FOLLOW_UPS, save_step),
    Verb("next_step", Conversation.FOLLOW_UPS, next_step),
    Verb("step_back", Conversation.FOLLOW_UPS, step_back),
    Verb("close_follow_up", Conversation.FOLLOW_UPS, close),
)
