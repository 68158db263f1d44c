"""Why a unit has its band, in words: in full for the quality team's own eyes, without any child for a channel."""

from datetime import date
from fractions import Fraction

from dialogs.card import Button, Card, Facts, ListRow, Part, Text
from followup import AlertId
from followup.times.month import Month, MonthName, Months
from followup.wording.share import percent_of
from followup.wording.wording import Wording, wording
from services.risk.scoring import RiskReading
from services.views.evidence import Evidence, EvidenceView, numbers_listed
from services.views.reasons import Reasons
from texts.catalogue import Texts

# More rows with buttons would make the card heavier than Teams' budget.
PAGE = 20


def evidence_card(view: EvidenceView, say: Texts, alert_id: AlertId | None) -> Card:
    """Every contribution with its number and day, in pages: only for a conversation with one of the quality team.

    A row has a button that opens it; the alert, where there is one, is where one comes back to.
    """
    parts: list[Part] = [
        Text(say("evidence.title", unit=view.unit), "title"),
        *by_earlier_method(view.earlier_method, say),
        Facts(_figures(view, say)),
        *(Text(say.say(one)) for one in view.differences),
        *_heading(view, say),
        *(_row(view, one, alert_id, say) for one in view.items),
    ]
    if not view.all_counting:
        parts.append(Text(say("evidence.none")))
    parts += [Text(say.say(sentence)) for sentence in view.conclusion]
    if view.beside:
        parts += [
            Text(say("evidence.beside"), "heading"),
            Text(say("evidence.beside.about"), "subtle"),
            *(_row(view, one, alert_id, say) for one in view.beside),
        ]
    if view.left:
        parts.append(Text(say("evidence.more", n=view.left), "subtle"))
    return Card(say("evidence.summary"), tuple(parts))


def _heading(view: EvidenceView, say: Texts) -> list[Part]:
    """Which rows of all, where they are more than a page."""
    shown = len(view.items) + len(view.beside)
    place = say("evidence.page", first=view.start + 1, last=view.start + shown, n=view.all_rows)
    more = [Text(place, "subtle")] if shown < view.all_rows else []
    return [*([Text(say("evidence.rows"), "heading")] if view.items or not view.all_counting else []), *more]


def pages(view: EvidenceView, alert_id: AlertId | None, say: Texts) -> tuple[Button, ...]:
    """Onwards to its end, and back to its beginning."""
    after = view.all_rows - view.left
    onwards = _from_row(say("evidence.next", n=view.left), view, alert_id, {"start": after})
    first = _from_row(say("evidence.first"), view, alert_id, {})
    return (*((onwards,) if view.left else ()), *((first,) if view.start else ()))


def _from_row(title: str, view: EvidenceView, alert_id: AlertId | None, row: dict[str, int]) -> Button:
    if alert_id is None:
        return Button(title, "unit_evidence", {"unit": view.unit_id, **row})
    return Button(title, "alert_evidence", {**came_from(alert_id), **row})


def came_from(alert_id: AlertId | None) -> dict[str, int]:
    return {} if alert_id is None else {"alert": alert_id}


def by_earlier_method(method: str | None, say: Texts) -> list[Part]:
    """What is shown of the unit is of the method that holds now, and is not what raised the alert."""
    return [] if method is None else [Text(say("alert.earlier_method", method=method), "warning")]


def _row(view: EvidenceView, one: Evidence, alert_id: AlertId | None, say: Texts) -> Part:
    """With what its signals have led to so far."""
    led_to = map(say.say, view.states(one))
    number, sentence = ", ".join(one.numbers), " ".join([say.say(iso_days(one.why)), *led_to])
    if one.signal_id is None:
        of_report: dict[str, object] = {"item": number, **came_from(alert_id)}
        return ListRow(number, sentence, button=Button(say("signals.show"), "show_report_row", of_report))
    data = {"signal": one.signal_id, **came_from(alert_id)}
    return ListRow(number, sentence, button=Button(say("signals.show"), "show_signal", data))


def items_shown(reading: RiskReading) -> list[str]:
    """The numbers of the signals and reports that the cards of evidence list, in their order."""
    return numbers_listed(reading)


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
