"""What is typed in other words than a command's own: what it means, and which command answers it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache, partial

from dialogs.alerts import alert_list
from dialogs.card import Text
from dialogs.clocks.contracts_ending import contracts_ending
from dialogs.follow_ups import action_desk, follow_up_desk
from dialogs.forms.verbs import Command, Dialog
from dialogs.month.own_answers import answers_about
from dialogs.overview import figures, worker_stand_ins
from dialogs.overview.hand_over import hand_over_between, hand_over_ownerless
from dialogs.overview.provider_status import evidence_asked
from dialogs.overview.response_rates import rates_by_team
from dialogs.overview.settings import propose_language
from dialogs.overview.status_then import status_then
from dialogs.signals.signal_report import signal_form
from dialogs.turn import Reply, Turn
from followup.access.access import DataKind
from followup.people import Conversation
from followup.questions.days import CONCEPTS as DAY_WORDS
from followup.questions.days import Days
from followup.questions.grammar import CONCEPTS, Intent
from followup.questions.narrowed import ALL
from followup.questions.reading import (
    Reading,
    days_in,
    denies,
    names_days,
    nearest_intents,
    read_sentence,
    time_that_cannot_be,
)
from followup.questions.weeks import NoSuchWeek
from followup.questions.words import (
    FILLER,
    NUMBER,
    SIGNAL_NUMBER,
    WEEK,
    YEAR,
    Vocabulary,
    vocabulary,
    with_homes,
    with_names,
)
from followup.terms import SIGNAL_KINDS
from followup.times.month import Month
from services.own_people import OwnPeople
from services.signals.raising import own_placements
from services.views.unit_names import home_names
from texts import named_days, named_spans
from texts.catalogue import LANGUAGES, Texts

# The command that answers, by its name: of several the first that the person may use.
ANSWERED_BY: Mapping[Intent, tuple[str, ...]] = {
    "provider": ("provider",),
    "evidence": ("provider",),
    "last_follow_up": ("provider",),
    "own_alerts": ("alerts",),
    "late_alerts": ("alerts",),
    "alerts": ("alerts",),
    "follow_ups": ("follow_ups",),
    "late_actions": ("actions",),
    "actions": ("actions",),
    "missed_visits": ("missed_visits", "status", "clocks"),
    "unanswered": ("unanswered",),
    "response_rate": ("figures",),
    "rate_by": ("figures",),
    "rate_by_team": ("status",),
    "signal_count": ("figures",),
    "signals_by": ("figures",),
    "visit_count": ("figures",),
    "placement_count": ("figures",),
    "replacement_count": ("figures",),
    "compared": ("figures",),
    "as_file": ("figures_file",),
    "remind_worker": ("remind_worker",),
    "hand_over": ("reassign_form",),
    "ownerless": ("reassign_form",),
    "late_clocks": ("clocks",),
    "clocks": ("clocks",),
    "ending_contracts": ("contracts", "clocks"),
    "status": ("status",),
    "red_units": ("status",),
    "changes": ("status",),
    "no_ranking": ("compare",),
    "my_desk": ("desk",),
    "my_tasks": ("my_tasks",),
    "correct": ("corrections",),
    "snooze": ("snooze_form",),
    "leave": ("leave_form",),
    "stand_ins": ("stand_ins", "stand_ins_of"),
    "signal_form": ("signal_form",),
    "signals": ("signals",),
    "show_signal": ("show_signal", "own_signal"),
    "selection": ("selection",),
    "threshold": ("threshold",),
    "report": ("year_report",),
    "last_day": ("my_tasks",),
    "language": ("language",),
    "settings": ("settings",),
    "help": ("help",),
    "greeting": ("help",),
    "thanks": ("thanks",),
    "explain": ("explain",),
    "own_answers": ("answers",),
    "own_child": ("answers",),
}
# What is understood and has no answer here, and who would be answered: it is said, with what is near.
NOT_ANSWERED: Mapping[Intent, Conversation] = {
    "child_count": Conversation.STATUS,
    "missing_plans": Conversation.STATUS,
}
# What of a reading is typed after the command's word; the other commands take nothing after theirs.
_TAKES_NAME = frozenset({"provider", "corrections", "remind_worker", "show_signal", "own_signal"})
# What a command that shows her own says first where more was typed that was not read, such as a name.
HERS_ALONE: Mapping[str, str] = {"stand_ins": "stand_ins.hers_alone"}
LANGUAGE_NAMED: Mapping[str, str] = {"swedish": "sv", "english": "en"}
# What is asked for a day, which is named in what was typed.
_FOR_A_DAY: frozenset[Intent] = frozenset({"snooze", "leave"})
# A number of a signal, or a year.
YEAR_ALONE = re.compile(r"20\d\d\W*", re.ASCII)
_NUMBERS = frozenset({NUMBER, SIGNAL_NUMBER, YEAR, WEEK})


@cache
def typed_words() -> Mapping[str, frozenset[str]]:
    """The catalogue's phrases by what they mean, in both languages: people write the one and the other."""
    concepts = sorted((CONCEPTS | DAY_WORDS | {FILLER}) - _NUMBERS)
    return {one: frozenset(_phrases(one)) for one in concepts}


def _phrases(concept: str) -> Iterable[str]:
    for language in LANGUAGES:
        yield from Texts(language)(f"question.words.{concept}").split(",")


@cache
def _of_catalogue() -> Vocabulary:
    return vocabulary(typed_words())


@dataclass(frozen=True)
class Understood:
    """The command that answers, with what was typed put in its words, or what was asked that nothing answers.

    `near` are the intents that are nearest by what the words mean, each with the name of the command that answers it,
    where none is meant; `time` is what is said of the days that are named, where they cannot be asked about.
    """

    turn: Turn
    command: Command | None = None
    reading: Reading | None = None
    near: Sequence[tuple[Intent, str]] = ()
    time: str = ""


def understood(turn: Turn, commands: Sequence[Command], named: Command | None) -> Understood:
    """`named` is the command whose word the text begins with: alone, or with what it is about, it is what is meant."""
    may = turn.acting.may
    is_hers = named is not None and may(named.conversation)
    is_alone = len(turn.said.text.split()) == 1
    if named is not None and is_hers and (is_alone or _is_about(named, turn)):
        return Understood(turn, named)
    answered = _answered(commands, may)
    said_only = {intent for intent, about in NOT_ANSWERED.items() if may(about)}
    known = _known(turn)
    reading = _read(turn, known, answered.keys() | said_only)
    command = answered.get(reading.intent) if reading else None
    if reading is not None and command is not None and (command != named or _says_more(reading)):
        return Understood(
            _in_words_of(command, reading, turn), _as_asked(command, reading, turn.acting.today), reading
        )
    if reading is None and named is not None and is_hers and named.takes_words:
        return Understood(turn, named)
    time = "" if reading else _told_of_time(turn, known)
    # What is denied is not what the word alone asks for, nor is another role's word of a time that is not there.
    is_meant = (is_hers or not time) and not denies(turn.said.text, known)
    if reading is None and named is not None and is_meant:
        return Understood(turn, _as_of_now(named, turn, known, time))
    near = [(one, answered[one].name) for one in nearest_intents(turn.said.text, known, answered.keys())]
    return Understood(turn, command, reading, near, time)


def _is_about(named: Command, turn: Turn) -> bool:
    """Whether what follows the word is what it is about, and cannot be the year that something is asked of."""
    if named.reads is not None and named.reads(turn):
        return True
    is_year = named.followed_by and YEAR_ALONE.fullmatch(turn.said.rest.strip())
    return bool(named.takes_words or named.followed_by) and not is_year


def _told_of_time(turn: Turn, known: Vocabulary) -> str:
    match time_that_cannot_be(turn.said.text, known, turn.acting.today):
        case Days(first, last):
            return turn.say("help.not_begun", first=first, last=last)
        case NoSuchWeek() as one:
            return named_spans.said_of(one, turn.say)
    return ""


def _says_more(reading: Reading) -> bool:
    """Than the word of the command that answers it."""
    return bool(reading.days or reading.about or reading.topic or reading.only != ALL)


def _read(turn: Turn, known: Vocabulary, allowed: Set[Intent]) -> Reading | None:
    """As it stands or, of what is asked for a day to come, with that day named in a word that is known."""
    text, today = turn.said.text, turn.acting.today
    reading = read_sentence(text, known, allowed, today)
    later = turn.say("named_day.later")
    days = named_spans.spelled(text, today, no_week=later)
    if reading is not None or not (named_days.days_in(days, today) or named_spans.no_week_in(text, today)):
        return reading
    later = named_days.without_days(days, today, later)
    return read_sentence(later, known, allowed & _FOR_A_DAY, today)


def _answered(commands: Iterable[Command], may: Callable[[Conversation], bool]) -> dict[Intent, Command]:
    hers = {one.name: one for one in commands if may(one.conversation)}
    first = {
        intent: next((name for name in names if name in hers), "") for intent, names in ANSWERED_BY.items()
    }
    answered = {intent: hers[name] for intent, name in first.items() if name}
    if "my_tasks" in answered:
        # What a worker is to do is asked for in the same words, and is her list.
        answered.pop("my_desk", None)
    return answered


def _known(turn: Turn) -> Vocabulary:
    homes = home_names(turn.acting) if turn.acting.may(Conversation.PROVIDER) else ()
    return with_names(_of_homes(homes), {**_people(turn), **_children(turn)})


# They are asked for at each sentence that is typed, and are seldom other than before; nobody's own names are kept.
@lru_cache(maxsize=2)
def _of_homes(homes: Sequence[tuple[str, str]]) -> Vocabulary:
    return with_homes(_of_catalogue(), homes)


def _children(turn: Turn) -> dict[str, list[str]]:
    """Her own, by case reference and by her own words for them."""
    if turn.said.channel or not turn.acting.may(Conversation.REPORT):
        return {}
    mine = own_placements(turn.acting)
    return {"child": [name for one in mine for name in (one.case_reference, one.alias) if name]}


def _people(turn: Turn) -> dict[str, list[str]]:
    """Those whom the person may see what is left of, by their whole names and their first ones."""
    if turn.said.channel or not turn.acting.may(Conversation.UNANSWERED):
        return {}
    names = [one.name for one in OwnPeople(turn.acting, DataKind.MISSING).workers()]
    return {"person": [*names, *(name.split()[0] for name in names)]}


def _in_words_of(command: Command, reading: Reading, turn: Turn) -> Turn:
    if reading.intent in _FOR_A_DAY:
        return turn
    about = reading.about if command.name in _TAKES_NAME else ""
    if command.name == "signals":
        about = " ".join(word for word in _narrowing(reading, turn) if word)
    return replace(turn, said=replace(turn.said, text=f"{command.words[0]} {about}".rstrip()))


def _narrowing(reading: Reading, turn: Turn) -> Iterator[str]:
    """The kind, the harm, whether late or hers, the home and the month, as the list of signals reads them."""
    kinds = {"deviation": "deviation", "complaint": "complaint", "suggestion": "remark"}
    yield SIGNAL_KINDS[kinds[reading.topic]].word if reading.topic in kinds else ""
    yield turn.say("signals.list.violence") if reading.topic == "violence" else ""
    yield turn.say("signals.filter.overdue").partition(",")[0] if reading.only.late else ""
    yield turn.say("signals.filter.mine").partition(",")[0] if reading.only.own else ""
    yield reading.about
    month = _month_of(reading, turn.acting.today)
    yield turn.say.write(month) if month else ""


def _month_of(reading: Reading, today: date) -> Month | None:
    """The month, whole or so far, that the days are; None where they are other days."""
    month = Month.of(reading.days.first) if reading.days else None
    if month is None or reading.days is None:
        return None
    return month if reading.days == Days(month.first, min(month.last, today)) else None


def _kind_of(asked: Reading) -> str:
    """A child that has been hit is told of as a deviation."""
    return {"violence": "deviation", "suggestion": "remark"}.get(asked.topic, asked.topic)


# What of a reading a command's words cannot say.
_ASKED: Mapping[str, Callable[[Reading], Dialog]] = {
    "stand_ins_of": lambda asked: partial(worker_stand_ins.of_named, about=asked.about),
    "answers": lambda asked: partial(answers_about, about=asked.about, days=asked.days),
    "figures": lambda asked: partial(figures.answer, reading=asked),
    "signal_form": lambda asked: partial(signal_form, named=_kind_of(asked), home=asked.about),
    "alerts": lambda asked: partial(alert_list.open_list, only=asked.only),
    "follow_ups": lambda asked: partial(follow_up_desk.open_list, only=asked.only),
    "actions": lambda asked: partial(action_desk.open_list, only=asked.only),
    "contracts": lambda asked: partial(contracts_ending, days=asked.days),
    "reassign_form": lambda asked: (
        hand_over_ownerless
        if asked.intent == "ownerless"
        else partial(hand_over_between, giver=asked.about, taker=asked.to)
    ),
}


def _as_asked(command: Command, reading: Reading, today: date) -> Command:
    """With what of the reading is not told by the command's words."""
    if command.name in _ASKED:
        return replace(command, dialog=_ASKED[command.name](reading))
    if reading.intent == "language" and reading.topic:
        named = LANGUAGE_NAMED[reading.topic]
        return replace(command, dialog=partial(propose_language, named=named))
    if reading.intent == "evidence" and command.name == "provider":
        return replace(command, dialog=partial(evidence_asked, about=reading.about))
    if reading.intent == "rate_by_team":
        return replace(command, dialog=partial(rates_by_team, reading=reading))
    if command.name == "status" and reading.days and Month.of(reading.days.last).last < today:
        return replace(command, dialog=partial(_status_then, reading.days))
    return _with_days_told(command, reading, today)


def _with_days_told(command: Command, reading: Reading, today: date) -> Command:
    """Other days than those that it always shows none of them does, but for the signals of a month; and it says so."""
    if reading.days is None or (command.name == "signals" and _month_of(reading, today)):
        return command
    return _saying_as_of_now(command, reading.days)


def _as_of_now(command: Command, turn: Turn, known: Vocabulary, time: str) -> Command:
    """Of other days than today the command's own word, with more beside it, does not tell either."""
    if not names_days(turn.said.text, known):
        told = HERS_ALONE.get(command.name)
        return replace(command, dialog=partial(_after, turn.say(told), command.dialog)) if told else command
    return _saying_as_of_now(command, days_in(turn.said.text, known, turn.acting.today), time)


def _saying_as_of_now(command: Command, days: Days | None, time: str = "") -> Command:
    return replace(command, dialog=partial(_told, command.dialog, days, time))


def _told(dialog: Dialog, days: Days | None, time: str, turn: Turn) -> Reply:
    """`days` is None where it cannot be said which were meant, and `time` says why, where that is known."""
    asked = turn.say("help.as_of_now", first=days.first, last=days.last) if days else ""
    asked = asked or time or turn.say("help.only_now")
    return _after(f"{asked} {turn.say('help.shown_now', day=turn.acting.today)}", dialog, turn)


def _status_then(days: Days, turn: Turn) -> Reply:
    """How it stood is shown by the end of a month, and said beside other days that were named."""
    month = Month.of(days.last)
    then = partial(status_then, month=month)
    if days.last == month.last:
        return then(turn)
    return _after(turn.say("help.as_of_now", first=days.first, last=days.last), then, turn)


def _after(note: str, dialog: Dialog, turn: Turn) -> Reply:
    reply = dialog(turn)
    if reply.card is None:
        return reply
    return replace(reply, card=replace(reply.card, parts=(Text(note, "subtle"), *reply.card.parts)))
