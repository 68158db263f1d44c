"""One signal as the quality team sees it: what it is, what it weighs and every version, with no child in it."""

from dialogs.alerts.evidence_card import iso_days
from dialogs.card import Button, Card, Facts, ListRow, Part, Text
from followup.signals.signal import Signal
from followup.signals.signal_changes import grade
from followup.terms import SIGNAL_KINDS
from services.views.signals import SignalView, VersionSeen
from texts.catalogue import Texts


def signal_card(
    view: SignalView, say: Texts, *, alert_id: int | None = None, start: int = 0, done: str = ""
) -> Card:
    """`alert_id` is where the reader came from, `start` the first version shown; `done` what has just happened."""
    parts: list[Part] = [
        Text(say("signals.title", number=view.signal.number, unit=view.unit.name), "title"),
        *([Text(done, "good")] if done else []),
        Facts(_facts(view, say)),
        *(Text(say.say(iso_days(one))) for one in view.weight),
        _text_to_read(view, alert_id, say),
        Text(say("signals.versions"), "heading"),
        *(Text(_version(one, say)) for one in view.versions),
    ]
    return Card(say("signals.summary"), tuple(parts), _buttons(view, alert_id, start, say))


def carried(view_id: int, alert_id: int | None) -> dict[str, int]:
    return {"signal": view_id, **({"alert": alert_id} if alert_id else {})}


def _facts(view: SignalView, say: Texts) -> tuple[tuple[str, str], ...]:
    signal = view.signal
    tone = say(f"choice.tone.{'praise' if signal.praise else 'criticism'}")
    pairs = (
        ("provider", view.unit.provider_name),
        ("kind", say(f"risk.kind.{signal.kind}")),
        ("tone", tone if SIGNAL_KINDS[signal.kind].needs == "tone" else ""),
        ("reasons", ", ".join(say(f"choice.reason.{reason}") for reason in sorted(signal.reasons))),
        ("event_on", say.write(signal.event_on)),
        ("came_in", say.write(view.came_in)),
        ("consequence", say.say(grade(signal)).capitalize()),
        ("occurred", say(f"choice.occurred.{signal.occurred}")),
        ("cause", say(f"choice.cause.{signal.cause}")),
        ("source", say(f"choice.source.{signal.source}")),
        ("marks", ", ".join(say(f"choice.mark.{mark}") for mark in sorted(signal.marks))),
        ("same_event", ", ".join(view.same_event)),
        ("state", say(f"signals.state.{_state(signal)}")),
    )
    return tuple((say(f"signals.{name}"), value) for name, value in pairs if value)


def _text_to_read(view: SignalView, alert_id: int | None, say: Texts) -> ListRow:
    """What was written is read with a reason, on a card of its own; the same reason opens why it was changed."""
    button = Button(say("reading.read"), "signal_text_form", carried(view.signal.id, alert_id))
    hidden = [say("signals.reasons_hidden", n=view.hidden)] if view.hidden else []
    return ListRow(say("signal.text"), " ".join([say("signals.no_text"), *hidden]), button=button)


def _state(signal: Signal) -> str:
    if signal.dismissed:
        return "dismissed"
    return "decided" if signal.decided else "open"


def _version(version: VersionSeen, say: Texts) -> str:
    """Who by role, when, what changed, and why as far as that is open."""
    who = say("signals.by_file") if version.imported else say("signals.by_nobody")
    if version.by is not None:
        who = say(f"role.{version.by}")
    said = " ".join(say.say(one) for one in version.changes) or say("signals.first")
    line = say("signals.version", version=version.number, who=who, at=version.at, what=said)
    return f"{line} {say('signals.because', reason=version.why)}" if version.why else line


def _buttons(view: SignalView, alert_id: int | None, start: int, say: Texts) -> tuple[Button, ...]:
    """At most six stand on a card."""
    data = carried(view.signal.id, alert_id)
    acts = [
        Button(say(f"signals.{name}"), "change_signal_form", {**data, "act": name}) for name in view.offered
    ]
    following = start + len(view.versions)
    rest = view.total - following
    older = {**data, "start": following}
    more = [Button(say("list.more", n=rest), "show_signal", older)] if view.versions and rest > 0 else []
    back = [Button(say("alert.back"), "show_alert", {"alert": alert_id})] if alert_id else []
    return (*acts, *more, *back)
