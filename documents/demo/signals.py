"""The signals of the demo municipality: complaints, deviations, remarks and moves, as rows of the file."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import cycle
from random import Random

from documents.demo import texts
from documents.demo.events import EVENTS, DemoSignal
from documents.demo.people import Row
from documents.demo.placements import DemoPlacement
from documents.demo.signal_plan import COMPLAINT, DEVIATION, MOVE, REMARK, WAVES, SignalWord, Wave
from documents.demo.units import INSTITUTIONS, UNIT
from followup.times.month import Month

UNDECIDED_DAYS = 14
QUIET_MONTHS = 5
_GRADES: Mapping[str, tuple[str, ...]] = {
    COMPLAINT: ("2", "2", "1", "2", "3", "2", "", "1", "2"),
    DEVIATION: ("2", "1", "2", "3", "1"),
    "kritik": ("1",),
    "beröm": ("",),
}
_SOURCES: Mapping[str, tuple[str, ...]] = {
    COMPLAINT: ("barn eller ung", "barn eller ung", "vårdnadshavare", "god man", "annan"),
    DEVIATION: ("utföraren", "utföraren", "egen iakttagelse", "personal"),
    REMARK: ("barn eller ung", "vårdnadshavare", "god man", "egen iakttagelse"),
}
_REASONS = {"quality": "kvalitetsbrist", "age": "ålder", "planned": "planerad"}
_MOVE_TEXTS = {
    "quality": "Flyttades efter upprepade brister i bemanning och bemötande.",
    "age": "Flyttades till träningslägenhet på grund av ålder.",
    "planned": "Flyttades till familjehem enligt vårdplanen.",
}


def signals(rng: Random, stays: list[DemoPlacement], today: date, asked: Month) -> list[Row]:
    """In the order of their events, and numbered in that order."""
    told = [
        *(row for wave in WAVES for row in _of_wave(rng, wave, stays, asked)),
        *(_of_event(rng, event, stays, today, asked) for event in EVENTS),
        *(_of_move(stay) for stay in stays if stay.moved_why),
    ]
    dated = sorted(told, key=lambda row: (row["Händelsedatum"], row["Enhetskod"], row["Text"]))
    numbered = [
        {**row, "Signalnummer": f"H-{number:04d}", **_handled(rng, row, today)}
        for number, row in enumerate(dated, start=1)
    ]
    return list(_linked(numbered))


def _of_wave(rng: Random, wave: Wave, stays: list[DemoPlacement], asked: Month) -> Iterator[Row]:
    """The grades go in turn, so that a wave weighs the same whatever the seed."""
    grades = cycle(_GRADES[wave.tone or wave.kind])
    told = cycle(rng.sample(_texts(wave), len(_texts(wave))))
    actions = texts.DEVIATION_ACTIONS if wave.kind == DEVIATION else texts.COMPLAINT_ACTIONS
    for _ in range(wave.count):
        month = asked.plus(-rng.randint(wave.newest, wave.oldest))
        day = date(month.year, month.number, rng.randint(1, month.days))
        source, action = rng.choice(_SOURCES[wave.kind]), rng.choice(actions)
        row = _row(wave.kind, wave.unit, day, next(grades), source, next(told))
        row |= {"Ton": wave.tone, "Åtgärd": "" if wave.tone == "beröm" else action}
        yield row | {"Aktreferens": _case(rng, stays, wave.unit, day, asked)}


def _texts(wave: Wave) -> tuple[str, ...]:
    institution = UNIT[wave.unit].form in INSTITUTIONS
    if wave.kind == COMPLAINT:
        return texts.COMPLAINTS_INSTITUTION if institution else texts.COMPLAINTS_HOME
    if wave.kind == DEVIATION:
        return texts.DEVIATIONS_INSTITUTION if institution else texts.DEVIATIONS_HOME
    return texts.PRAISE if wave.tone == "beröm" else texts.CRITICISM


def _of_event(rng: Random, event: DemoSignal, stays: list[DemoPlacement], today: date, asked: Month) -> Row:
    day = today - timedelta(days=event.days)
    if event.months is not None:
        month = asked.plus(-event.months)
        day = date(month.year, month.number, 17)
    row = _row(event.kind, event.unit, day, event.consequence, "barn eller ung", event.text)
    case = _case(rng, stays, event.unit, day, asked)
    return {**row, "Aktreferens": case, "Åtgärd": event.action, **event.values, **_link(event)}


def _link(event: DemoSignal) -> Row:
    """By the other's name until the signals have their numbers."""
    return {"namn": event.name, "Samma händelse som": event.same_as}


def _of_move(stay: DemoPlacement) -> Row:
    left_on = stay.ends or stay.starts
    reason, text = _REASONS[stay.moved_why], _MOVE_TEXTS[stay.moved_why]
    counts = stay.moved_why == "quality"
    row = _row(MOVE, stay.unit, left_on, "3" if counts else "1", "egen iakttagelse", text)
    cause = "utföraren" if counts else "annan"
    return {**row, "Aktreferens": stay.case, "Skäl till omplacering": reason, "Orsak hos": cause}


def _row(kind: SignalWord, unit: str, day: date, consequence: str, source: str, text: str) -> Row:
    return {
        "Signalnummer": "",
        "Typ": kind,
        "Enhetskod": unit,
        "Aktreferens": "",
        "Händelsedatum": day.isoformat(),
        "Registrerad": "",
        "Konsekvens": consequence,
        "Inträffat": "inträffat",
        "Orsak hos": "utföraren",
        "Källa": source,
        "Märkning": "",
        "Ton": "",
        "Skäl till omplacering": "",
        "Samma händelse som": "",
        "Beslutad": "",
        "Avskriven": "nej",
        "Text": text,
        "Åtgärd": "",
    }


def _case(rng: Random, stays: list[DemoPlacement], unit: str, day: date, asked: Month) -> str:
    """Some child who lived there, in two cases of three; not one whose last months' reports have a story to tell."""
    recent = Month.of(day).until(asked) <= QUIET_MONTHS
    there = [
        stay.case for stay in stays if stay.unit == unit and stay.open_on(day) and not (recent and stay.story)
    ]
    return rng.choice(there) if there and rng.random() < 0.67 else ""


def _handled(rng: Random, row: Row, today: date) -> Row:
    """Registered within a week; decided unless it came in the last two weeks."""
    registered = min(date.fromisoformat(row["Händelsedatum"]) + timedelta(days=rng.randint(0, 6)), today)
    decided = (today - registered).days >= UNDECIDED_DAYS
    return {"Registrerad": registered.isoformat(), "Beslutad": "ja" if decided else "nej"}


def _linked(rows: list[Row]) -> Iterator[Row]:
    numbers = {row["namn"]: row["Signalnummer"] for row in rows if row.get("namn")}
    for row in rows:
        same = numbers.get(row["Samma händelse som"], "")
        yield {name: value for name, value in row.items() if name != "namn"} | {"Samma händelse som": same}
