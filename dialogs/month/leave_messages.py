"""What is told of leaves: the question to the substitute with its answer, and when standing in begins and ends."""

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.verbs import Verb
from dialogs.month.my_tasks import list_card
from dialogs.turn import Reply, Stored, Turn
from followup.messages.month import LeaveTold
from followup.people import Conversation, StandInAnswer
from services.acting import Acting, Refused
from services.month.own_tasks import own_tasks
from services.month.standing_in import LeaveNews, StandingIn, answer_asked, stand_in
from services.views.people import name_of
from texts.catalogue import Texts

ANSWERS: tuple[StandInAnswer, ...] = ("yes", "no")


def leave_card(acting: Acting, message: LeaveTold, say: Texts) -> Card | None:
    """None where it has become another since it was decided."""
    found = stand_in(acting, message.leave_id)
    is_mine = found.leave.stand_in == acting.person.id
    over = found.leave.ends < acting.today
    match message.step:
        case "asked" if found.is_on and is_mine and not over and found.leave.answer is None:
            return _asked(acting, found, _line(found, "asked", say), say)
        case "begins" if found.is_on and is_mine and not over:
            said = _line(found, "begins", say)
            # The question may have come no sooner.
            asks = found.leave.answer is None
            return _asked(acting, found, said, say) if asks else with_list(acting, said, say)
        case "ends" if found.is_on and is_mine and found.is_back:
            return _plain(_line(found, "ends", say))
        case "off" if not found.is_on and not over:
            return _plain(_line(found, "off", say))
        case "declined" if found.is_on and found.leave.answer == "no" and not over:
            return _declined(acting, found, say)
    return None


def _line(found: StandingIn, said: str, say: Texts) -> str:
    leave = found.leave
    return say(f"stand_in.{said}", name=found.absent, starts=leave.starts, ends=leave.ends)


def _plain(said: str, *buttons: Button) -> Card:
    return Card(said, (Text(said),), buttons)


def _asked(acting: Acting, found: StandingIn, said: str, say: Texts) -> Card:
    card = with_list(acting, said, say) if found.leave.starts <= acting.today else _plain(said)
    buttons = (_answer("yes", found, say), _answer("no", found, say))
    return Card(said, card.parts, (*buttons, *card.buttons), card.data)


def _answer(answer: StandInAnswer, found: StandingIn, say: Texts) -> Button:
    return Button(say(f"stand_in.{answer}"), "stand_in", {"leave": found.number, "answer": answer})


def _declined(acting: Acting, found: StandingIn, say: Texts) -> Card:
    name, leave = name_of(acting, found.leave.substitute_id) or "", found.leave
    said = say("stand_in.declined", name=name, starts=leave.starts, ends=leave.ends)
    return _plain(said, Button(say("stand_in.choose"), "leave_form"))


def with_list(acting: Acting, said: str, say: Texts) -> Card:
    """What is said, and what awaits her now."""
    if all(one.answered for one in own_tasks(acting)):
        return _plain(said)
    return list_card(acting, say, receipt=[Text(said)])


def news_parts(news: LeaveNews, say: Texts) -> list[Part]:
    """What the day's list says of leaves; who has not answered can still say no."""
    begins = [_begins(one, say) for one in news.begins]
    return [*begins, *(Text(_line(one, "ends", say)) for one in news.ends)]


def _begins(one: StandingIn, say: Texts) -> Part:
    said = _line(one, "begins", say)
    return ListRow(said, button=_answer("no", one, say)) if one.leave.answer is None else Text(said)


def answer_to_stand_in(turn: Turn) -> Reply:
    answer = turn.press.word("answer", ANSWERS) or "yes"
    found = answer_asked(turn.acting, turn.press.number("leave"), answer)
    if isinstance(found, Refused):
        return turn.refusal(found, "stand_in.not_asked")
    return _answered(turn, found, Stored("stand_in", {"leave": found.number}))


def told_again(turn: Turn, leave_id: int) -> Reply:
    """As she has answered by now."""
    return _answered(turn, stand_in(turn.acting, leave_id), None)


def _answered(turn: Turn, found: StandingIn, effect: Stored | None) -> Reply:
    said = _line(found, "said_no" if found.leave.answer == "no" else "said_yes", turn.say)
    return Reply(card=_plain(said, Button(turn.say("report.back"), "my_tasks")), effect=effect)


OFFERED = (Verb("stand_in", Conversation.LEAVE, answer_to_stand_in),)
