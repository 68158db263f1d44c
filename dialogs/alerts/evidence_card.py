"""Why a unit has its band, in words: in full for the quality team's own eyes, without any child for a channel."""

from datetime import date
from fractions import Fraction

from dialogs.card import Button, Card, Facts, ListRow, Part, Text
from followup import AlertId
from followup.times.month import Month, MonthName, Months
from followup.wording.share import percent_of
from followup.wording.wording import Wording, wording
from services.risk.scoring import RiskReading
from services.views.evidence import Evidence, EvidenceView, numbers_shown
from services.views.reasons import Reasons
from texts.catalogue import Texts

# More buttons would make the card heavier than Teams' budget; a signal is opened by its number as well.
MOST_ROWS, MOST_BUTTONS = 25, 20


def evidence_card(view: EvidenceView, say: Texts, alert_id: AlertId) -> Card:
    """Every contribution with its number and day: only for a conversation with one of the quality team.

    A row has a button that opens it; the alert is where one comes back to.
    """
    opened = (*view.items, *view.beside)[:MOST_BUTTONS]
    parts: list[Part] = [
        Text(say("evidence.title", unit=view.unit), "title"),
        *by_earlier_method(view.earlier_method, say),
        Facts(_figures(view, say)),
        Text(say("evidence.rows"), "heading"),
        *(_row(view, one, alert_id if one in opened else None, say) for one in view.items),
    ]
    if view.left_out > 0:
        parts.append(Text(say("evidence.more", n=view.left_out), "subtle"))
    if not view.items:
        parts.append(Text(say("evidence.none")))
    parts += [Text(say.say(sentence)) for sentence in view.conclusion]
    if view.beside:
        parts += [
            Text(say("evidence.beside"), "heading"),
            Text(say("evidence.beside.about"), "subtle"),
            *(_row(view, one, alert_id if one in opened else None, say) for one in view.beside),
        ]
    if view.all_beside > len(view.beside):
        parts.append(Text(say("evidence.more", n=view.all_beside - len(view.beside)), "subtle"))
    return Card(say("evidence.summary"), tuple(parts))


def by_earlier_method(method: str | None, say: Texts) -> list[Part]:
    """What is shown of the unit is of the method that holds now, and is not what raised the alert."""
    return [] if method is None else [Text(say("alert.earlier_method", method=method), "warning")]


def _row(view: EvidenceView, one: Evidence, alert_id: AlertId | None, say: Texts) -> Part:
    """With what its signals have led to so far."""
    led_to = (say(f"signals.state.{state}") for state in view.states(one))
    number, sentence = ", ".join(one.numbers), " ".join([say.say(iso_days(one.why)), *led_to])
    if alert_id is None:
        return ListRow(number, sentence)
    if one.signal_id is None:
        of_report: dict[str, object] = {"item": number, "alert": alert_id}
        return ListRow(number, sentence, button=Button(say("signals.show"), "show_report_row", of_report))
    data = {"signal": one.signal_id, "alert": alert_id}
    return ListRow(number, sentence, button=Button(say("signals.show"), "show_signal", data))


def items_shown(reading: RiskReading) -> list[str]:
    """The numbers of the signals and reports that the card of evidence lists, in its order."""
    return numbers_shown(reading, MOST_ROWS)


def iso_days(row: Wording) -> Wording:
    """The row's days as ISO and its month by name alone, as evidence is cited (risk-and-selection.md, Explanation)."""
    return wording(row.id, **{name: _iso(value) for name, value in row.values.items()})


def _iso(value: object) -> object:
    if isinstance(value, Wording):
        return iso_days(value)
    if isinstance(value, Month):
        return MonthName(value)
    return value.isoformat() if isinstance(value, date) else value


def _figures(view: EvidenceView, say: Texts) -> tuple[tuple[str, str], ...]:
    return (
        (say("evidence.band"), say.say(view.band)),
        (say("evidence.ratio"), say.write(view.ratio)),
        (say("evidence.index"), say("evidence.index_of", index=view.index)),
        (say("evidence.completeness"), completeness(view.completeness, view.reported, say)),
    )


def completeness(share: Fraction | None, months: Months | None, say: Texts) -> str:
    if share is None:
        return say("completeness.nothing")
    return say("completeness.share", percent=percent_of(share), months=months)


def reasons_in_words(reasons: Reasons, say: Texts) -> list[str]:
    """Why, with no day: kinds with their counts, and the level."""
    kinds = ", ".join(f"{say(f'risk.kinds.{kind}')} ({number})" for kind, number in reasons.kinds)
    counted = [say("reasons.counted", kinds=kinds, months=reasons.months)] if kinds else []
    return [*counted, *(say.say(sentence) for sentence in reasons.level)]
