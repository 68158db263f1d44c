"""One signal as the quality team sees it: what it is, what it weighs and every version, with no child in it."""

from dialogs.alerts.evidence_card import iso_days
from dialogs.card import Button, Card, Facts, ListRow, Part, Text
from followup import AlertId, SignalId
from followup.signals.progress import state_in_words
from followup.signals.signal import Signal
from followup.signals.signal_changes import grade
from followup.signals.situations import Situation
from followup.terms import SIGNAL_KINDS
from services.views.signals import ProgressSeen, SignalView, VersionSeen
from texts.catalogue import Texts


def signal_card(
    view: SignalView, say: Texts, *, alert_id: AlertId | None = None, start: int = 0, done: str = ""
) -> Card:
    """`alert_id` is where the reader came from, `start` the first version shown; `done` what has just happened."""
    parts: list[Part] = [
        Text(say("signals.title", number=view.signal.number, unit=view.unit.name), "title"),
        *([Text(done, "good")] if done else []),
        Facts(_facts(view, say)),
        *next_step(view.situation, view.paragraph, say),
        *_in_hand(view, alert_id, say),
        *(Text(say.say(iso_days(one))) for one in view.weight),
        _text_to_read(view, alert_id, say),
        Text(say("signals.versions"), "heading"),
        *(Text(_version(one, say)) for one in view.versions),
    ]
    return Card(
        say("signals.summary"),
        tuple(parts),
        _buttons(view, alert_id, start, say),
        page=f"signal/{view.signal.id}",
    )


def carried(signal_id: SignalId, alert_id: AlertId | None) -> dict[str, int]:
    return {"signal": signal_id, **({"alert": alert_id} if alert_id else {})}


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
        ("channel", say(f"choice.channel.{signal.channel}") if signal.channel else ""),
        ("situation", say(f"choice.situation.{view.situation.code}") if view.situation else ""),
        ("category", say(f"choice.category.{signal.category}") if signal.category else ""),
        ("areas", ", ".join(say(f"choice.area.{area}") for area in sorted(signal.areas))),
        ("marks", ", ".join(say(f"choice.mark.{mark}") for mark in sorted(signal.marks))),
        ("same_event", ", ".join(view.same_event)),
    )
    return tuple((say(f"signals.{name}"), value) for name, value in pairs if value)


def _text_to_read(view: SignalView, alert_id: AlertId | None, say: Texts) -> ListRow:
    """What was written is read with a reason, on a card of its own; the same reason opens why it was changed."""
    button = Button(say("reading.read"), "signal_text_form", carried(view.signal.id, alert_id))
    hidden = [say("signals.reasons_hidden", n=view.hidden)] if view.hidden else []
    return ListRow(say("signal.text"), " ".join([say("signals.no_text"), *hidden]), button=button)


def next_step(situation: Situation | None, paragraph: str | None, say: Texts) -> list[Part]:
    """What is to be done now and by whom; the paragraph stands with it while it holds."""
    if situation is None or situation.rule is None:
        return []
    cited = [say("signals.next.law", cited=paragraph)] if paragraph else []
    return [Text(" ".join([say(f"signals.next.{situation.code}"), *cited]), "warning")]


def _in_hand(view: SignalView, alert_id: AlertId | None, say: Texts) -> list[Part]:
    """How far it has come and with whom, with what the reader can do about that."""
    standing, data = view.progress, carried(view.signal.id, alert_id)
    if standing is None:
        return [ListRow(say("signals.state"), say(f"signals.state.{_of_history(view.signal)}"))]
    seen = {**data, "seen_with": standing.seen_with}
    take = Button(say("signals.take" if standing.last_day else "signals.take_again"), "take_signal", seen)
    said = progress_in_words(standing, say)
    rows = [ListRow(say("signals.state"), said, button=take if standing.takes else None)]
    if standing.ends:
        end = Button(say("signals.end"), "end_signal_form", data)
        rows.append(ListRow(say("signals.end.row"), say("signals.end.about"), button=end))
    return [*rows]


def progress_in_words(standing: ProgressSeen, say: Texts) -> str:
    """The state, the owner, and by when it is to be decided or that this has passed."""
    with_whom = say("signals.with", name=standing.owner) if standing.owner else say("signals.with_nobody")
    state = f"{say.say(state_in_words(standing.state, standing.receiver))} {with_whom}"
    if standing.last_day is None:
        return f"{state} {say('signals.because', reason=standing.why)}" if standing.why else state
    return f"{state} {say('signals.overdue' if standing.overdue else 'signals.decide_by', day=standing.last_day)}"


def _of_history(signal: Signal) -> str:
    """What a file said of it, where nobody here has had it in hand."""
    if signal.dismissed:
        return "dismissed"
    return "decided" if signal.decided else "history"


def _version(version: VersionSeen, say: Texts) -> str:
    """Who by role, when, what changed, and why as far as that is open."""
    who = say("signals.by_file") if version.imported else say("signals.by_nobody")
    if version.by is not None:
        who = say(f"role.{version.by}")
    said = " ".join(say.say(one) for one in version.changes) or say("signals.first")
    line = say("signals.version", version=version.number, who=who, at=version.at, what=said)
    return f"{line} {say('signals.because', reason=version.why)}" if version.why else line


def _buttons(view: SignalView, alert_id: AlertId | None, start: int, say: Texts) -> tuple[Button, ...]:
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
