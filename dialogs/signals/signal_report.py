"""A signal raised at any time: the form, its mistakes, and what follows when it is stored."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.form_fields import asked, by_field, fields, free_text_problems, problem_banner
from dialogs.forms.offered import Command, Verb
from dialogs.signals.own_faults import tell_managers
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.access.access import Kind, Reach
from followup.form import UNANSWERED, Answers
from followup.log.subject import What
from followup.people import Conversation, responsible
from followup.placement import Placement
from followup.signals.signal import QUESTIONS, Signal, is_serious, read_signal
from followup.times.calendar import municipal_day
from followup.wording import Problem, wording
from services.risk.scoring import rescore
from storage import people, placements, units
from storage.signals import signals

RECENTLY_ENDED = timedelta(days=183)


def signal_form(turn: Turn) -> Reply:
    return Reply(card=_card(turn, {}, []))


def _card(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    parts: list[Part] = [
        Text(say("signal.title"), "title"),
        Text(say("signal.not_lex_sarah"), "warning"),
        *problem_banner(problems, say),
        *_about(turn, typed, problems),
        *fields(asked(QUESTIONS, turn.municipality), typed, problems, say, "signal"),
        *([] if turn.municipality.free_text else [Text(say("minimal.signal"), "subtle")]),
    ]
    buttons = (
        Button(say("signal.hand_in"), "hand_in_signal", takes_inputs=True),
        Button(say("signal.cancel"), "cancel"),
    )
    return Card(say("signal.summary"), tuple(parts), buttons)


def _about(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> list[Field]:
    """The placement, for those who have any, and the unit."""
    wrong = by_field(problems, turn.say)
    mine = _placements(turn)
    if mine:
        turn.log("read", What.CASES.of(), seen=What.PLACEMENT.each(one.id for one in mine))
    cases = tuple(Choice(str(one.id), f"{one.case_reference}, {one.unit_name}") for one in mine)
    all_units = tuple(Choice(str(one.id), one.name) for one in units.followed_units(turn.tx))
    both = [("placement", cases), ("unit", all_units)]
    return [
        Field(
            name,
            "choice",
            turn.say(f"signal.{name}"),
            typed.get(name, ""),
            (Choice(UNANSWERED, turn.say("choice.unanswered")), *choices),
            problem=wrong.get(name, ""),
            compact=True,
            hint=turn.say(f"signal.{name}.hint") if name == "unit" and mine else "",
        )
        for name, choices in both
        if choices
    ]


def _placements(turn: Turn) -> list[Placement]:
    """Those that the person answers for today, with those that ended lately."""
    reach = turn.municipality.access.reach(turn.person.role, Kind.CASE_REFERENCE)
    if reach not in (Reach.OWN, Reach.ALL):
        return []
    today = municipal_day(turn.now)
    everyone, leaves = people.everyone(turn.tx), people.leaves(turn.tx, today)
    return [
        one
        for one in placements.open_since(turn.tx, today - RECENTLY_ENDED, today)
        if reach == Reach.ALL
        or responsible(one.owner_id, one.substitute_id, everyone, leaves, today) == turn.person.id
    ]


def hand_in_signal(turn: Turn) -> Reply:
    typed = turn.press.inputs
    answers, problems = read_signal(typed, municipal_day(turn.now), asked(QUESTIONS, turn.municipality))
    problems += free_text_problems(QUESTIONS, typed, turn.municipality, "marks")
    unit_id, placement_id, wrong = _where(turn, typed)
    if problems or wrong or unit_id is None:
        return Reply(card=_card(turn, typed, [*wrong, *problems]))
    signal = store_signal(turn, answers, unit_id, placement_id, None)
    rescore(turn.tx, unit_id, turn.now)
    return Reply(card=receipt(turn, signal), effect=Stored("signal", {"signal": signal.id}))


def _where(turn: Turn, typed: Mapping[str, str]) -> tuple[int | None, int | None, list[Problem]]:
    """Unit and placement; the placement says which unit when none was chosen."""
    mine = {str(one.id): one for one in _placements(turn)}
    known = {str(one.id) for one in units.followed_units(turn.tx)}
    placement, unit = (_chosen(typed, name) for name in ("placement", "unit"))
    chosen = mine.get(placement)
    if placement and not chosen:
        turn.log("refused", What.PLACEMENT.of(placement if placement.isdecimal() else "?"))
        return None, None, [Problem("placement", wording("signal.placement_gone"))]
    if unit and unit not in known:
        return None, None, [Problem("unit", wording("form.not_a_choice"))]
    if chosen and unit and int(unit) != chosen.unit_id:
        return None, None, [Problem("unit", wording("signal.unit_differs", unit=chosen.unit_name))]
    if chosen:
        return chosen.unit_id, chosen.id, []
    if unit:
        return int(unit), None, []
    return None, None, [Problem("unit", wording("form.missing"))]


def _chosen(typed: Mapping[str, str], name: str) -> str:
    value = typed.get(name, "")
    return "" if value == UNANSWERED else value


def store_signal(
    turn: Turn, answers: Answers, unit_id: int, placement_id: int | None, task_id: int | None
) -> Signal:
    """Stores it, logs it, and sends the authority's own fault to the manager's list; the caller scores the unit."""
    signal = signals.save(
        turn.tx,
        answers,
        unit_id=unit_id,
        placement_id=placement_id,
        task_id=task_id,
        author_id=turn.person.id,
        now=turn.now,
    )
    turn.log("write", What.SIGNAL.of(signal.id))
    if signal.cause == "authority":
        tell_managers(turn.tx, signal, turn.now)
    return signal


def receipt(turn: Turn, signal: Signal) -> Card:
    """The number and the unit, and no child."""
    say, unit = turn.say, units.get(turn.tx, signal.unit_id)
    parts = [
        Text(say("signal.received_title"), "title"),
        Text(say("signal.received", number=signal.number, unit=unit.name), "good"),
        Text(say("signal.quality_told" if is_serious(signal) else "signal.quality_has")),
        Text(say("signal.not_lex_sarah"), "subtle"),
    ]
    return Card(say("signal.received_title"), tuple(parts))


def cancel(turn: Turn) -> Reply:
    return Reply(card=Card(turn.say("signal.cancelled"), (Text(turn.say("signal.cancelled"), "subtle"),)))


OFFERED = (
    Command("signal_form", Conversation.SIGNAL, ("signal", "avvikelse", "klagomål", "synpunkt"), signal_form),
    Verb("signal_form", Conversation.SIGNAL, signal_form),
    Verb("hand_in_signal", Conversation.SIGNAL, hand_in_signal),
    Verb("cancel", Conversation.SIGNAL, cancel),
)
