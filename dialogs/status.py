"""What managers ask: how it stands (läge), and who has not answered (obesvarade)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from assessment.scoring import Reading, read_as_of
from dialogs.alert_desk import alert_rows
from dialogs.card import Card, Facts, Grid, Item, Part, Text
from dialogs.evidence_card import one_line, percent
from dialogs.lists import MOST_ROWS, at_most
from dialogs.texts import Texts
from dialogs.turn import Reply, Turn
from followup.access import Kind, Reach
from followup.bands import Judgement
from followup.calendar import municipal_day
from followup.people import Person
from followup.provider import Unit
from followup.rounds import Round, Task
from storage import awaiting, outbox, people, rounds, units
from storage.awaiting import Awaiting
from storage.database import Transaction

MOST_ALERTS, MOST_PEOPLE = 8, 60
SHOWN_BANDS = ("red", "yellow", "green", "insufficient")


def status(turn: Turn) -> Reply:
    """Bands over all units, response rate, red and yellow units with their reasons, open alerts."""
    say, today = turn.say, municipal_day(turn.now)
    followed = units.followed_units(turn.tx)
    readings = [(unit, read_as_of(turn.tx, unit, today, turn.now)) for unit in followed]
    parts: list[Part] = [
        Text(say("status.title"), "title"),
        Text(say("status.as_of", day=today), "subtle"),
        Grid((say("status.band"), say("status.units")), _band_counts(readings, say)),
        Text(_whose_responses(turn), "heading"),
        *_responses(turn),
        *_units_to_follow(readings, say),
        Text(say("alerts.title"), "heading"),
        *at_most(MOST_ALERTS, alert_rows(turn) or [Text(say("alerts.none"), "good")], say("alerts.all"), say),
        Text(say("risk.last"), "subtle"),
    ]
    return Reply(card=Card(say("status.title"), tuple(parts)))


def shown_band(judgement: Judgement) -> str:
    """Too little evidence is never counted as green."""
    return "insufficient" if judgement.band == "green" and not judgement.enough else judgement.band


def _band_counts(readings: Sequence[tuple[Unit, Reading]], say: Texts) -> tuple[tuple[str, str], ...]:
    counted = Counter(shown_band(reading.judgement) for _, reading in readings)
    return tuple((say(f"band.mark.{band}"), str(counted[band])) for band in SHOWN_BANDS)


def _whose_responses(turn: Turn) -> str:
    own = turn.house.access.reach(turn.person.role, Kind.RESPONSES) == Reach.OWN_PEOPLE
    return turn.say("responses.own" if own else "status.responses")


def _responses(turn: Turn) -> list[Part]:
    """The two newest rounds: how many of their reports are in."""
    newest = rounds.newest(turn.tx, 2)
    return [Facts(tuple(_response(turn, round_) for round_ in newest))] if newest else []


def _response(turn: Turn, round_: Round) -> tuple[str, str]:
    tasks = _tasks_seen(turn, round_)
    answered = sum(task.answered for task in tasks)
    share = percent(Fraction(answered, len(tasks))) if tasks else 0
    return (
        turn.say.write(round_.month),
        turn.say("status.response", answered=answered, all=len(tasks), percent=share),
    )


def _tasks_seen(turn: Turn, round_: Round) -> list[Task]:
    """Those whose answering the person may follow: a manager her own people's, the quality team all."""
    reach = turn.house.access.reach(turn.person.role, Kind.RESPONSES)
    if reach == Reach.ALL:
        return rounds.tasks(turn.tx, [round_.id], municipal_day(turn.now))
    if reach != Reach.OWN_PEOPLE:
        return []
    everybodys = awaiting.in_rounds(turn.tx, [round_], turn.now)
    return [one.task for one in of_managers_people(turn.tx, turn.person, everybodys)]


def _units_to_follow(readings: Sequence[tuple[Unit, Reading]], say: Texts) -> list[Part]:
    rows = units_in_bands(readings, ("red", "yellow", "insufficient"), say)
    if not rows:
        return [Text(say("status.none_to_follow"), "good")]
    return [Text(say("status.to_follow"), "heading"), *rows]


def units_in_bands(
    readings: Sequence[tuple[Unit, Reading]], bands: Sequence[str], say: Texts
) -> Sequence[Part]:
    """The units shown in one of the bands, a row each, in the order of the bands."""
    listed = sorted(
        (pair for pair in readings if shown_band(pair[1].judgement) in bands),
        key=lambda pair: (bands.index(shown_band(pair[1].judgement)), pair[0].name),
    )
    return at_most(MOST_ROWS, [_unit_row(*pair, say) for pair in listed], say("status.more"), say)


def _unit_row(unit: Unit, reading: Reading, say: Texts) -> Item:
    judgement = reading.judgement
    mark = say(f"band.mark.{shown_band(judgement)}")
    beside = "" if judgement.enough or judgement.band == "green" else f", {say('risk.band.insufficient')}"
    return Item(f"{mark}{beside} · {unit.name}", one_line(reading, say))


def unanswered(turn: Turn) -> Reply:
    """What is missing by worker in the open rounds, and what nobody answers for."""
    say = turn.say
    everybodys = awaiting.unanswered(turn.tx, rounds.asking_rounds(turn.tx, turn.now), turn.now)
    left = _missing_seen(turn, everybodys)
    parts: list[Part] = [Text(say("unanswered.title"), "title"), *missing_by_worker(turn.tx, left, say)]
    if not left:
        parts.append(Text(say("unanswered.none"), "good"))
    parts += not_reached(turn.tx, turn.person, say)
    return Reply(card=Card(say("unanswered.title"), tuple(parts)))


def _missing_seen(turn: Turn, everybodys: Sequence[Awaiting]) -> Sequence[Awaiting]:
    reach = turn.house.access.reach(turn.person.role, Kind.MISSING)
    if reach == Reach.OWN_PEOPLE:
        return of_managers_people(turn.tx, turn.person, everybodys)
    return everybodys if reach == Reach.ALL else []


REASONS = (
    "BotDisabledByAdmin",
    "BotNotInConversationRoster",
    "ConversationBlockedByUser",
    "ForbiddenOperationException",
    "MessageWritesBlocked",
    "NoTeamsAccount",
)


def not_reached(tx: Transaction, manager: Person, say: Texts) -> list[Part]:
    """The manager's people whom the bot cannot reach: why, and what to do about it."""
    everyone = people.everyone(tx)
    rows: list[Part] = []
    for person_id, reason in outbox.not_reached(tx).items():
        person = everyone[person_id]
        if not person.active or not _is_theirs(everyone, manager, person):
            continue
        code = next((one for one in REASONS if one in reason), "other")
        rows.append(Item(person.name, say(f"unreachable.{code}")))
    return [Text(say("unreachable.title"), "heading"), *rows] if rows else []


def of_managers_people(tx: Transaction, manager: Person, left: Sequence[Awaiting]) -> list[Awaiting]:
    """What the manager's own people have left, and what nobody answers for."""
    everyone = people.everyone(tx)
    return [
        one
        for one in left
        if _is_theirs(everyone, manager, everyone.get(one.person_id) if one.person_id is not None else None)
    ]


def _is_theirs(everyone: Mapping[int, Person], manager: Person, worker: Person | None) -> bool:
    return manager.id in {one.id for one in people.managers_of(everyone, worker)}


def missing_by_worker(tx: Transaction, left: Sequence[Awaiting], say: Texts) -> list[Part]:
    """Names and counts, no child; then the placements without anyone, which only a manager can give an owner."""
    everyone = people.everyone(tx)
    by_person = Counter(one.person_id for one in left if one.person_id is not None)
    rows = tuple((_name(everyone[person_id]), str(number)) for person_id, number in by_person.most_common())
    parts: list[Part] = []
    if rows:
        parts.append(Grid((say("unanswered.worker"), say("unanswered.number")), rows[:MOST_PEOPLE]))
    if len(rows) > MOST_PEOPLE:
        parts.append(Text(say("evidence.more", n=len(rows) - MOST_PEOPLE), "subtle"))
    ownerless = [one.task for one in left if one.person_id is None]
    if ownerless:
        parts.append(Text(say("unanswered.ownerless", n=len(ownerless)), "warning"))
        places = sorted({task.placement.unit_name for task in ownerless})
        parts += at_most(MOST_ROWS, [Text(f"• {place}") for place in places], "", say)
    return parts


def _name(person: Person) -> str:
    return f"{person.name} ({person.team})" if person.team else person.name
