"""Which day a form's words were read as: said as it is typed, where there is script, and beside what was stored."""

from dataclasses import replace
from datetime import date

from dialogs.turn import Stored
from followup.people import Conversation
from followup.wording.form import clean_text, read_day
from workspace.frame.answer import PageAnswer, Shown
from workspace.frame.entry import DeedOf
from workspace.frame.visit import Visit

_KIND, _WHICH = "days_read", "vilken"


def kept_days(visit: Visit) -> Stored | None:
    """What is kept of the form beside what it stored; None where every day was written as a client writes it."""
    days = sorted({one.toordinal() for one in visit.days_read.values()})
    return Stored(_KIND, {"days": days}) if days else None


def told_of_days(visit: Visit, answer: PageAnswer) -> PageAnswer:
    """The page that a form leads to, with the days that it was read to say."""
    if not isinstance(answer, Shown):
        return answer
    ordinals = {one for kept in visit.stored(_KIND) for one in kept.numbers["days"]}
    if not ordinals:
        return answer
    days = tuple(visit.say.day_in_full(date.fromordinal(one)) for one in sorted(ordinals))
    said = visit.say("page.day.read_of_form", days=days)
    return replace(answer, values={**answer.values, "days_read": said})


def say_day(visit: Visit) -> PageAnswer:
    """One field of the form, while it is being filled in; nothing is stored."""
    name = visit.asked.sent(_WHICH)
    typed = clean_text(visit.asked.sent(name))
    day = visit.days_read.get(name) or read_day(typed)
    text = visit.say("page.day.read", day=visit.say.day_in_full(day)) if day else ""
    wrong = bool(typed) and day is None
    values = {"text": visit.say("form.not_a_date") if wrong else text, "good": not wrong}
    return Shown("day.html", "", values)


OFFERED = (DeedOf("/dag", Conversation.HELP, say_day, ""),)
