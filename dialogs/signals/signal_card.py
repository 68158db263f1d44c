"""One signal as the quality team sees it: what it is, what it weighs and every version, with no child in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

from dialogs.alerts.evidence_card import iso_days
from dialogs.card import Button, Card, Facts, Item, Part, Text
from followup.log.subject import What
from followup.provider import Unit
from followup.risk.explanation import explain
from followup.signals.signal import Signal
from followup.signals.signal_changes import changes, grade
from followup.terms import SIGNAL_KINDS
from followup.times.calendar import municipal_day
from services.acting import Reader
from services.opening import Opening, opening_of
from services.risk.scoring import read_as_of
from storage import people, units
from storage.engine.database import Transaction
from storage.signals import signal_versions, signals
from storage.signals.signal_versions import SignalVersion
from texts.catalogue import Texts

# A reason can be long, and a card is not.
VERSIONS_PAGE = 5
# What can be done with a signal.
Act = Literal["regrade", "link", "authority", "clear", "dismiss", "restore"]
ACTS: tuple[Act, ...] = get_args(Act)


def signal_card(
    reader: Reader,
    signal: Signal,
    say: Texts,
    *,
    alert_id: int | None = None,
    start: int = 0,
    done: str = "",
) -> Card:
    """`alert_id` is where the reader came from; `done` says what has just happened. The read is logged."""
    tx = reader.tx
    reader.log("read", What.SIGNAL.of(signal.id))
    unit = units.get(tx, signal.unit_id)
    versions = signal_versions.history(tx, signal.id)
    opening = opening_of(reader, What.SIGNAL_TEXT.of(signal.id))
    page = list(zip([None, *versions], versions, strict=False))[::-1][start : start + VERSIONS_PAGE]
    _log_reasons_read(reader, signal, [after for _, after in page], opening)
    parts: list[Part] = [
        Text(say("signals.title", number=signal.number, unit=unit.name), "title"),
        *([Text(done, "good")] if done else []),
        Facts(_facts(tx, signal, unit, versions[0], say)),
        *_weight(tx, signal, unit, reader.now, say),
        _text_to_read(signal, versions, opening, alert_id, say),
        Text(say("signals.versions"), "heading"),
        *_versions(tx, page, opening, say),
    ]
    data = {"signal": signal.id, **({"alert": alert_id} if alert_id else {})}
    return Card(say("signals.summary"), tuple(parts), _buttons(tx, signal, data, len(versions), start, say))


def _facts(
    tx: Transaction, signal: Signal, unit: Unit, first: SignalVersion, say: Texts
) -> tuple[tuple[str, str], ...]:
    marks = ", ".join(say(f"choice.mark.{mark}") for mark in sorted(signal.marks))
    reasons = ", ".join(say(f"choice.reason.{reason}") for reason in sorted(signal.reasons))
    others = ", ".join(one.number for one in signals.of_event(tx, signal.id) if one.id != signal.id)
    tone = say(f"choice.tone.{'praise' if signal.praise else 'criticism'}")
    came_in = municipal_day(first.signal.known_at or first.recorded_at)
    pairs = (
        ("provider", unit.provider_name),
        ("kind", say(f"risk.kind.{signal.kind}")),
        ("tone", tone if SIGNAL_KINDS[signal.kind].needs == "tone" else ""),
        ("reasons", reasons),
        ("event_on", say.write(signal.event_on)),
        ("came_in", say.write(came_in)),
        ("consequence", say.say(grade(signal)).capitalize()),
        ("occurred", say(f"choice.occurred.{signal.occurred}")),
        ("cause", say(f"choice.cause.{signal.cause}")),
        ("source", say(f"choice.source.{signal.source}")),
        ("marks", marks),
        ("same_event", others),
        ("state", say(f"signals.state.{_state(signal)}")),
    )
    return tuple((say(f"signals.{name}"), value) for name, value in pairs if value)


def _text_to_read(
    signal: Signal, versions: Sequence[SignalVersion], opening: Opening, alert_id: int | None, say: Texts
) -> Item:
    """What was written is read with a reason, on a card of its own; the same reason opens why it was changed."""
    data = {"signal": signal.id, **({"alert": alert_id} if alert_id else {})}
    button = Button(say("reading.read"), "signal_text_form", data)
    hidden = sum(bool(one.reason) and not opening.shows(one.signal.author_id) for one in versions)
    said = [say("signals.no_text"), *([say("signals.reasons_hidden", n=hidden)] if hidden else [])]
    return Item(say("signal.text"), " ".join(said), button=button)


def _log_reasons_read(
    reader: Reader, signal: Signal, shown: Sequence[SignalVersion], opening: Opening
) -> None:
    """Each time that a reason is shown; why it was read stands with the opening."""
    if any(one.reason and opening.shows(one.signal.author_id) for one in shown):
        reader.log("read", What.SIGNAL_TEXT.of(signal.id), seen=What.SIGNAL.each([signal.id]))


def _state(signal: Signal) -> str:
    if signal.dismissed:
        return "dismissed"
    return "decided" if signal.decided else "open"


def _weight(tx: Transaction, signal: Signal, unit: Unit, now: datetime, say: Texts) -> list[Part]:
    """The signal's own row of the explanation of its unit's score today."""
    if unit.segment is None:
        return []
    reading = read_as_of(tx, unit, municipal_day(now), now)
    rows = explain(reading.score, reading.inputs, reading.judgement).rows
    return [Text(say.say(iso_days(row.wording))) for row in rows if signal.number in row.evidence]


def _versions(
    tx: Transaction,
    page: Sequence[tuple[SignalVersion | None, SignalVersion]],
    opening: Opening,
    say: Texts,
) -> list[Part]:
    """Each version after the one before it: who by role, when, what changed, and why as far as that is open."""
    everyone = people.everyone(tx)
    lines: list[Part] = []
    for before, after in page:
        author = after.signal.author_id
        who = say("signals.by_file") if after.imported else say("signals.by_nobody")
        if author is not None:
            who = say(f"role.{everyone[author].role}")
        what = changes(before.signal, after.signal) if before else []
        said = " ".join(say.say(one) for one in what) or say("signals.first")
        line = say("signals.version", version=after.signal.version, who=who, at=after.recorded_at, what=said)
        shown = after.reason and opening.shows(author)
        lines.append(Text(f"{line} {say('signals.because', reason=after.reason)}" if shown else line))
    return lines


def _buttons(
    tx: Transaction, signal: Signal, data: Mapping[str, int], versions: int, start: int, say: Texts
) -> tuple[Button, ...]:
    """At most six stand on a card; what has been dismissed can only be taken up again."""
    acts = [
        Button(say(f"signals.{name}"), "change_signal_form", {**data, "act": name})
        for name in offered(tx, signal)
    ]
    rest = versions - start - VERSIONS_PAGE
    older = {**data, "start": start + VERSIONS_PAGE}
    more = [Button(say("list.more", n=rest), "show_signal", older)] if rest > 0 else []
    back = [Button(say("alert.back"), "show_alert", {"alert": data["alert"]})] if "alert" in data else []
    return (*acts, *more, *back)


def offered(tx: Transaction, signal: Signal) -> list[Act]:
    """What can be done with the signal as it is."""
    if signal.dismissed:
        return ["restore"]
    others = len(signals.of_unit(tx, signal.unit_id, signals.ALL_KNOWN)) > 1
    cause: Act = "clear" if signal.cause == "authority" else "authority"
    link: list[Act] = ["link"] if others else []
    return ["regrade", *link, cause, "dismiss"]
