"""An alert as a card: the unit, its band, why and what to do, with no child in it; of a small unit what may be told."""

from datetime import date

from dialogs.alerts.alert_history import short_history
from dialogs.alerts.evidence_card import by_earlier_method, completeness, reasons_in_words
from dialogs.card import Button, Card, Facts, ListRow, Part, Text
from dialogs.forms.lists import at_most
from followup import AlertId
from followup.access.small_unit import Audience
from followup.times.calendar import municipal_day
from followup.wording.wording import Wording, wording
from services.views.alerts import AlertHead, AlertView, Decided, Told, WhomToAsk
from texts.catalogue import Texts

MOST_OTHERS = 5


def alert_card(view: AlertView, say: Texts, *, repeated: bool = False) -> Card:
    """A manager is told but does not handle alerts; what was written about one is for the quality team's own chats."""
    head, told = view.head, view.told
    parts: list[Part] = [Text(title(head, say), "title")]
    if repeated:
        parts.append(Text(say("alert.repeated", raised=raised(head)), "warning"))
    if told is None:
        band = Facts(((say("evidence.band"), say(f"band.mark.{view.band}")),))
        parts += [band, _state(head, say), *_names(view.ask, say), *_others(view, say)]
        return Card(say("alert.summary"), tuple(parts), _buttons_of_small(view, say), page=_page(view))
    only_read = view.audience == Audience.MANAGER
    parts += [
        *by_earlier_method(head.earlier_method, say),
        Facts(_facts(head, told, say)),
        Text(say("alert.why"), "heading"),
        *(Text(sentence) for sentence in _why(told, say)),
        *_what_happened(view, told, say),
        *([] if head.closed else _what_to_do(told, say)),
        *_decision(head, say, only_read=only_read),
        _state(head, say),
        *([] if told.history is None else short_history(head.id, told.history, say)),
        *_names(view.ask, say),
        *_others(view, say),
    ]
    return Card(
        say("alert.summary"), tuple(parts), () if only_read else _buttons(view, told, say), page=_page(view)
    )


def alert_row(head: AlertHead, say: Texts, since: date | None = None) -> ListRow:
    button = Button(say("alerts.open"), "show_alert", {"alert": head.id})
    owner = head.owner or say("alert.nobody_short")
    sentences = (
        *([] if since is None else [say("alerts.red_since", day=since)]),
        *([] if head.earlier_method is None else [say("alerts.earlier_method")]),
        say("alerts.row", raised=raised(head), owner=owner),
    )
    return ListRow(
        title(head, say),
        " ".join(sentences),
        button=button if head.handled else None,
    )


def _page(view: AlertView) -> str:
    """A manager does not handle alerts: she is led to the unit."""
    head, only_read = view.head, view.audience == Audience.MANAGER
    return f"enhet/{head.unit_id}" if only_read else f"larm/{head.id}"


def title(head: AlertHead, say: Texts) -> str:
    """Of a small unit every alert has the same, so that the title does not tell an event from a level."""
    if head.kind is None:
        return say("small.alert_title", number=head.number, unit=head.unit)
    return say(f"alert.title.{head.kind}", number=head.number, unit=head.unit)


def raised(head: AlertHead) -> Wording:
    if isinstance(head.raised, date):
        return wording("raised.day", day=head.raised)
    return wording("raised.month", month=head.raised)


def _facts(head: AlertHead, told: Told, say: Texts) -> tuple[tuple[str, str], ...]:
    return (
        (say("alert.unit"), f"{head.unit} ({told.provider})"),
        (say("alert.before"), say(f"risk.band.{told.band_before}")),
        (say("alert.after"), say(f"risk.band.{told.band_after}")),
        (say("evidence.completeness"), completeness(told.completeness, told.reported, say)),
    )


def _why(told: Told, say: Texts) -> list[str]:
    reasons = reasons_in_words(told.reasons, say)
    if told.event is None:
        return reasons
    kind = say(f"risk.kind.{told.event}")
    graded = say(f"risk.consequence.{told.consequence}") if told.consequence else say("alert.ungraded")
    return [say("alert.event", kind=kind.lower(), consequence=graded), *reasons]


def _what_happened(view: AlertView, told: Told, say: Texts) -> list[Part]:
    """Where those who judge the event read what was written about it; never where others look on."""
    if told.signal_id is None or view.audience != Audience.QUALITY:
        return []
    data = {"signal": told.signal_id, "alert": view.head.id}
    return [ListRow(say("signal.text"), button=Button(say("reading.read"), "signal_text_form", data))]


def _what_to_do(told: Told, say: Texts) -> list[Part]:
    return [Text(say("alert.what_to_do"), "heading"), Text(say(f"alert.do.{told.kind}"))]


def _decision(head: AlertHead, say: Texts, *, only_read: bool) -> list[Part]:
    """The decision that a serious alert must have before it is closed (law-and-facts F3), or what was decided."""
    if head.decided is not None:
        return [ListRow(say("desk.decision_made"), decided(head.decided, say))]
    if head.undecided is None:
        return []
    button = Button(say("desk.decide"), "decision_form", {"alert": head.id})
    title = say("desk.duty", paragraph=head.undecided)
    return [ListRow(title, say("desk.no_decision"), button=None if only_read else button)]


def decided(made: Decided, say: Texts) -> str:
    return say(f"desk.decided.{'yes' if made.notified else 'no'}", day=made.on)


def _state(head: AlertHead, say: Texts) -> Part:
    if head.closed is not None:
        day = municipal_day(head.closed.at)
        if head.closed.by is None:
            return Text(say("alert.closed_by_method", day=day), "good")
        return Text(say("alert.closed", name=head.closed.by, day=day), "good")
    if head.owner is not None:
        return Text(say("alert.owned", name=head.owner), "good")
    return Text(say("alert.nobody"), "warning")


def _names(ask: WhomToAsk | None, say: Texts) -> list[Part]:
    if ask is None:
        return []
    lines = [Text(say("alert.raised_by", name=ask.raised_by))] if ask.raised_by else []
    if ask.answers:
        lines.append(Text(say("alert.answered_by", name=ask.answers)))
    lines = lines or [Text(say("alert.nobody_to_ask"))]
    return [Text(say("alert.whom_to_ask"), "heading"), *lines]


def _others(view: AlertView, say: Texts) -> list[Part]:
    """What else is open at the unit, so that one card tells of all of it."""
    if not view.others:
        return []
    rows = [alert_row(one, say) for one in view.others]
    return [Text(say("alert.others"), "heading"), *at_most(MOST_OTHERS, rows, say("alerts.all"), say)]


def _buttons(view: AlertView, told: Told, say: Texts) -> tuple[Button, ...]:
    """At most six stand on a card; no note where no free text is taken."""
    data = {"alert": view.head.id}
    take = Button(say("alert.take"), "take_alert", data)
    evidence = Button(say("alert.evidence"), "alert_evidence", data)
    event = (Button(say("desk.show_signal"), "alert_signal", data),) if told.signal_id else ()
    follow = Button(say("follow_up.open"), "follow_up_alert", data)
    close = Button(say("desk.close"), "close_form", data)
    if view.head.closed is not None:
        return (evidence, *event)
    if view.head.owner is None:
        return (take, evidence, *event, follow, close)
    hand_over = Button(say("desk.hand_over"), "hand_over_form", data)
    note = (Button(say("desk.add_note"), "note_form", data),) if view.takes_notes else ()
    return (evidence, *event, follow, hand_over, *note, close)


def _buttons_of_small(view: AlertView, say: Texts) -> tuple[Button, ...]:
    """A manager opens the unit; in the channel somebody takes the alert and opens it in her own chat."""
    head, data = view.head, {"alert": view.head.id}
    if view.audience != Audience.CHANNEL:
        return (Button(say("provider.show"), "show_unit", {"unit": head.unit_id}),)
    untaken = head.owner is None and head.closed is None
    take = (Button(say("alert.take"), "take_alert", data),) if untaken else ()
    return (*take, Button(say("alerts.open"), "open_alert", data))


def back_to(alert_id: AlertId, say: Texts) -> Button:
    return Button(say("alert.back"), "show_alert", {"alert": alert_id})
