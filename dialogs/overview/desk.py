"""What waits for a person (mitt, att göra): a row a thing in order of what is due, with the press that leads to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from dialogs.alerts.alert_card import title as alert_title
from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.clocks.clock_rows import clock_row, named
from dialogs.forms.lists import MOST_ROWS, at_most, page_of, still_counting
from dialogs.forms.verbs import Command, Verb
from dialogs.overview.targets import target_sentence
from dialogs.turn import Reply, Turn
from followup.people import Conversation
from followup.provider import EndingContract
from followup.signals.progress import state_in_words
from services.acting import Refused
from services.clocks.own_clocks import RunningClock
from services.retention.deciding import ProposalSeen
from services.views.alerts import AlertHead
from services.views.clocks import TeamClocks
from services.views.desk import Desk, desk
from services.views.desk_things import (
    AlertsLate,
    DeskOf,
    LateContacts,
    LevelsToDecide,
    RecordedUnseen,
    ReportsLeft,
    SelectionToDo,
    WithoutOwner,
)
from services.views.follow_ups import ActionView, FollowUpRow
from services.views.own_faults import OwnFaultSeen
from services.views.signal_list import SignalRow
from texts.catalogue import Texts, capital


@dataclass(frozen=True)
class DeskWords:
    """A thing's row: what it is, at which unit, and the button that opens it, None where nothing here does."""

    title: str
    about: str = ""
    button: Button | None = None
    unit: str = ""


def what_waits(turn: Turn) -> Reply:
    """A page at a time: hers, and what nobody has."""
    found, say = desk(turn.acting), turn.say
    if isinstance(found, Refused):
        return turn.refusal(found, "refused.role")
    page, more = page_of(turn, found.own, "desk")
    rows = [desk_row(one, turn.acting.today, say) for one in found.shown(page)]
    parts = (Text(say("to_do.title"), "title"), *around(found, rows, say))
    return Reply(card=Card(say("to_do.title"), parts, more))


def first_of(found: Desk, today: date, say: Texts) -> list[Part]:
    """As many as the first page has, after which is said how many more there are."""
    own = found.own
    rows = [desk_row(one, today, say) for one in found.shown(own[:MOST_ROWS])]
    return around(found, at_most(MOST_ROWS, rows, "", say, of=len(own)), say)


def around(found: Desk, rows: Sequence[Part], say: Texts) -> list[Part]:
    """The rows of those that are shown, with how many there are and what there is besides."""
    own, others = len(found.own), len(found.items) - len(found.own)
    return [
        Text(say("to_do.about", n=own) if own else say("to_do.none"), "normal" if own else "good"),
        *rows,
        *still_counting(found.counting, say),
        *([Text(say("to_do.others", n=others), "subtle")] if others else []),
        *([Text(say("to_do.beyond", n=found.beyond), "subtle")] if found.beyond else []),
        *([Text(target_sentence(found.in_time, say), "subtle")] if found.in_time else []),
    ]


def desk_row(one: DeskOf, today: date, say: Texts) -> ListRow:
    if isinstance(one.about, RunningClock):
        return clock_row(one.about, today, say)
    words = said_of(one.about, say)
    owner = say("to_do.nobodys") if not one.hers else ""
    note = " ".join(filter(None, [by_when(one, today, say), owner]))
    title = " · ".join(filter(None, [words.title, words.unit]))
    return ListRow(title, words.about, note=note, button=words.button)


def by_when(one: DeskOf, today: date, say: Texts) -> str:
    """Its last day, and how late it is."""
    if one.day is None:
        return say("to_do.late") if one.late else ""
    if one.day < today:
        return say("to_do.late_since", day=one.day, n=(today - one.day).days)
    return say("to_do.by_today") if one.day == today else say("to_do.by", day=one.day)


def late_besides(about: FollowUpRow, say: Texts) -> list[str]:
    """What is late of a follow-up, but for the day that its row says as its last one."""
    return [say.say(one) for one in about.late if one.values.get("day") != about.day]


@singledispatch
def said_of(about: object, say: Texts) -> DeskWords:
    """What a thing is called on the desk."""
    raise TypeError(about)


@said_of.register
def _alert(about: AlertHead, say: Texts) -> DeskWords:
    opened = Button(say("to_do.open"), "show_alert", {"alert": about.id})
    decide = bool(about.undecided) and about.taken
    return DeskWords(alert_title(about, say), say("to_do.decide") if decide else "", opened)


@said_of.register
def _alerts_late(about: AlertsLate, say: Texts) -> DeskWords:
    return DeskWords(say("status.alerts_late", n=about.number), "", Button(say("to_do.open"), "alerts"))


@said_of.register
def _signal(about: SignalRow, say: Texts) -> DeskWords:
    kind = capital(say(f"risk.kind.{about.kind}"))
    opened = Button(say("to_do.open"), "show_signal", {"signal": about.id})
    return DeskWords(
        about.number, f"{kind}. {say.say(state_in_words(about.state, about.receiver))}", opened, about.unit
    )


@said_of.register
def _own_fault(about: OwnFaultSeen, say: Texts) -> DeskWords:
    number = about.number or say("small.number", number=about.id)
    opened = Button(say("to_do.open"), "own_faults")
    return DeskWords(number, say("to_do.own_fault"), opened, about.unit)


@said_of.register
def _follow_up(about: FollowUpRow, say: Texts) -> DeskWords:
    opened = Button(say("to_do.open"), "show_follow_up", {"follow_up": about.one.id})
    step = say(f"follow_up.step.{about.one.step}")
    return DeskWords(about.one.number, " ".join([step, *late_besides(about, say)]), opened, about.unit)


@said_of.register
def _action(about: ActionView, say: Texts) -> DeskWords:
    opened = Button(say("to_do.open"), "show_action", {"action": about.one.id})
    return DeskWords(about.one.number, capital(say(f"action.state.{about.one.state}")), opened, about.unit)


@said_of.register
def _selection(about: SelectionToDo, say: Texts) -> DeskWords:
    said = say("to_do.selection_to_lock" if about.drawn else "to_do.selection", year=about.of)
    return DeskWords(said, "", Button(say("to_do.open"), "selection"))


@said_of.register
def _levels(about: LevelsToDecide, say: Texts) -> DeskWords:
    return DeskWords(say("to_do.base_levels", year=about.year), "", Button(say("to_do.open"), "base_levels"))


@said_of.register
def _purge(about: ProposalSeen, say: Texts) -> DeskWords:
    return DeskWords(say("to_do.purge", number=about.number), "", Button(say("to_do.open"), "retention"))


@said_of.register
def _reports(about: ReportsLeft, say: Texts) -> DeskWords:
    if about.own:
        said = say("to_do.own_reports", n=about.number, month=about.month)
        return DeskWords(said, "", Button(say("to_do.open"), "my_tasks"))
    said = say("to_do.reports", n=about.number, month=about.month)
    return DeskWords(said, "", Button(say("to_do.open"), "unanswered"))


@said_of.register
def _contacts(about: LateContacts, say: Texts) -> DeskWords:
    late = capital(", ".join(say(f"report.{one}").lower() for one in about.contacts)) + "."
    return DeskWords(named(about.placement), late, Button(say("to_do.open"), "clocks"))


@said_of.register
def _contract(about: EndingContract, say: Texts) -> DeskWords:
    said = say("clock.contract", key=about.key, unit=about.unit_name)
    return DeskWords(said, "", Button(say("to_do.open"), "show_unit", {"unit": about.unit_id}))


@said_of.register
def _team(about: TeamClocks, say: Texts) -> DeskWords:
    said = say("to_do.team_clocks", n=about.late_now, soon=about.soon)
    return DeskWords(about.team or say("overdue.no_team"), said, Button(say("to_do.open"), "clocks"))


@said_of.register
def _recorded(about: RecordedUnseen, say: Texts) -> DeskWords:
    return DeskWords(say("to_do.recorded", n=about.number), "", Button(say("to_do.open"), "clocks"))


@said_of.register
def _ownerless(about: WithoutOwner, say: Texts) -> DeskWords:
    return DeskWords(say("to_do.ownerless", n=about.number), "", Button(say("to_do.open"), "reassign_form"))


OFFERED = (
    Command("desk", Conversation.DESK, ("mitt", "att", "desk"), what_waits, followed_by=r"(göra\W*)?"),
    Verb("desk", Conversation.DESK, what_waits),
)
