"""Follow-ups in the quality team's hands: the list, each step with what it demands, going back, and closing."""

from collections.abc import Callable, Mapping

from dialogs.card import Button, Card, Part, Text
from dialogs.follow_ups.follow_up_card import row, step_card
from dialogs.follow_ups.follow_up_record import record_card, shown, stored
from dialogs.forms.lists import narrowed_in, narrowed_parts, none_of, page_of
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup import AlertId, FollowUpId
from followup.follow_ups.follow_up import FollowUp
from followup.people import Conversation
from followup.questions.narrowed import NarrowedQuestion
from services.acting import Refused, Why
from services.follow_ups import steps
from services.follow_ups.overdue import selection_due
from services.views import follow_ups as views
from services.views.follow_ups import FollowUpRow

# A row may tell of three things that are late.
PAGE = 15
UNKNOWN = "follow_up.unknown"


def open_list(turn: Turn, only: NarrowedQuestion | None = None) -> Reply:
    """Those that are open, what is late first, a page at a time."""
    say, found, only = turn.say, views.open_follow_ups(turn.acting), narrowed_in(turn, only)
    if isinstance(found, Refused):
        return turn.refusal(found, UNKNOWN)
    asked = [one for one in found if _is_asked(one, only, turn)]
    page, more = page_of(turn, asked, "follow_ups", only.written(), size=PAGE)
    rows: list[Part] = [row(one, say) for one in page]
    parts = (
        Text(say("follow_ups.title"), "title"),
        *_late_selection(turn),
        *narrowed_parts(only, say),
        *(rows or [none_of(only, len(found), say("follow_ups.none"), say)]),
    )
    buttons = (
        Button(say("actions.title"), "actions"),
        Button(say("follow_up.new"), "new_follow_up_form"),
        *more,
    )
    return Reply(card=Card(say("follow_ups.title"), parts, buttons))


def _is_asked(one: FollowUpRow, only: NarrowedQuestion, turn: Turn) -> bool:
    hers = one.one.owner_id == turn.person.id
    return (not only.own or hers) and (not only.late or bool(one.late))


def _late_selection(turn: Turn) -> list[Part]:
    """The year's selection, when its day has passed and it is not drawn, or drawn and not locked."""
    due = selection_due(turn.acting)
    if due.to_draw is not None:
        late = due.to_draw
        return [Text(turn.say("follow_ups.no_selection", year=late.of, day=late.due), "warning")]
    return [Text(turn.say("follow_ups.not_locked", year=due.to_lock), "warning")] if due.to_lock else []


def open_from_alert(turn: Turn) -> Reply:
    """Opens the alert's follow-up; what is written in it belongs in one's own chat, never in the channel."""
    opened = steps.open_for_alert(turn.acting, AlertId(turn.press.number("alert") or 0))
    if isinstance(opened, Refused):
        return turn.refusal(opened, "alert.unknown")
    if turn.said.channel:
        return Reply(notice=turn.say("follow_up.opened_elsewhere", number=opened.number))
    said = Text(turn.say("follow_up.opened", number=opened.number), "good")
    return shown(turn, opened, said, effect=stored(opened))


def pressed(turn: Turn) -> FollowUpId:
    """Which follow-up the button names; 0 where it names none."""
    return FollowUpId(turn.press.number("follow_up") or 0)


def show(turn: Turn) -> Reply:
    return _with(turn, lambda one: shown(turn, one))


def read_all(turn: Turn) -> Reply:
    start, acting = turn.press.number("start") or 0, turn.acting
    return _with(turn, lambda one: Reply(card=record_card(turn, views.view_of(acting, one), start=start)))


def _with(turn: Turn, show: Callable[[FollowUp], Reply]) -> Reply:
    found = steps.held(turn.acting, pressed(turn))
    return turn.refusal(found, UNKNOWN) if isinstance(found, Refused) else show(found)


def refused(turn: Turn, why: Refused, wrong: Callable[[FollowUp], Reply] | None = None) -> Reply:
    """What stands, or all that is wrong; what is typed in a card that is old stays with the one who typed it."""
    found = steps.stored_follow_up(turn.acting, pressed(turn))
    if found is None or why.why not in (Why.DONE, Why.CHANGED, Why.WRONG):
        return turn.refusal(why, UNKNOWN)
    if why.why == Why.CHANGED:
        return Reply(notice=turn.say("follow_up.changed", name=views.author_of(turn.acting, found)))
    return wrong(found) if wrong and why.problems else shown(turn, found)


def unchanged(turn: Turn, answer: Callable[[FollowUp], Reply]) -> Reply:
    """Answers while the card shows the newest version."""
    found = steps.unchanged(turn.acting, pressed(turn), turn.press.number("version"))
    return refused(turn, found) if isinstance(found, Refused) else answer(found)


def save_step(turn: Turn) -> Reply:
    """Keeps what is written so far; only what is wrong is refused."""
    return _write(turn, "follow_up.saved", whole=False)


def next_step(turn: Turn) -> Reply:
    """Keeps the step and goes on, when all that it demands is there."""
    return _write(turn, "follow_up.gone_on", whole=True)


def _write(turn: Turn, said: str, *, whole: bool) -> Reply:
    version, typed = turn.press.number("version"), turn.press.inputs
    done = steps.write_step(turn.acting, pressed(turn), version, typed, whole=whole)
    return saved(turn, done, said, typed)


def saved(turn: Turn, done: FollowUp | Refused, said: str, typed: Mapping[str, str] | None = None) -> Reply:
    """What was done, or the step's form with what is wrong."""
    if isinstance(done, Refused):
        problems = done.problems
        return refused(
            turn,
            done,
            lambda one: Reply(
                card=step_card(turn, views.view_of(turn.acting, one), typed=typed, problems=problems)
            ),
        )
    return shown(turn, done, Text(turn.say(said), "good"), effect=stored(done))


def step_back(turn: Turn) -> Reply:
    """The step before, with all that was written in it and after it."""
    done = steps.step_back(turn.acting, pressed(turn), turn.press.number("version"))
    return saved(turn, done, "follow_up.gone_back")


def close(turn: Turn) -> Reply:
    done = steps.close(turn.acting, pressed(turn), turn.press.number("version"))
    return saved(turn, done, "follow_up.closed")


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
