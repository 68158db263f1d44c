"""One clock as a row: what, where, by when, and the button that records that it is done."""

from collections.abc import Sequence
from datetime import date

from dialogs.card import Button, ListRow, Part, Text
from followup.clocks.due import ClockDue
from followup.placement import Placement
from followup.provider import EndingContract
from followup.wording.law import paragraph
from services.clocks.own_clocks import RunningClock
from services.views.clocks import MyClocks
from texts.catalogue import Texts, capital


def clock_row(one: RunningClock, today: date, say: Texts) -> ListRow:
    word = say.say(one.clock.said("clock"))
    return ListRow(
        title=f"{named(one.placement)}: {word}",
        subtitle=say("clock.where", unit=one.placement.unit_name, day=one.due.due),
        note=note(one.due, today, say),
        button=_button(one, say),
    )


def named(placement: Placement) -> str:
    """The case reference, with the reader's own word for the child where she has one."""
    return f"{placement.case_reference} ({placement.alias})" if placement.alias else placement.case_reference


def note(due: ClockDue, today: date, say: Texts) -> str:
    """How long is left, and what it stands on."""
    days = (due.due - today).days
    left = (
        say("clock.late", n=-days) if days < 0 else say("clock.left", n=days) if days else say("clock.today")
    )
    cited = paragraph(due.clock.law, today) if due.clock.law else None
    said = [left, *([say("clock.law", cited=cited)] if cited else [])]
    said += [say("clock.assumed")] if due.assumed else []
    return " ".join(said + ([say("clock.in_register")] if due.clock.ends == "register" else []))


def _button(one: RunningClock, say: Texts) -> Button | None:
    data = {"placement": one.placement.id, "clock": one.clock.code}
    if one.clock.ends == "register":
        return None
    if one.clock.ends == "closing":
        return Button(say("closing.open"), "closing_form", data)
    if one.clock.ends == "signal":
        moved = {"placement": one.placement.id, "kind": "replacement", "event_on": one.due.since.isoformat()}
        return Button(say("closing.tell_move"), "signal_form", moved)
    if one.clock.ends == "checklist":
        return Button(say("clock.read_through"), "plan_check_form", data)
    return Button(say("clock.done"), "clock_done_form", data)


def contract_rows(
    contracts: Sequence[EndingContract], today: date, say: Texts, *, opens: bool = False
) -> list[Part]:
    """Contracts that end, or have ended while somebody is placed there all the same; opened by their homes."""
    rows = [
        ListRow(
            say("clock.contract", key=one.key, unit=one.unit_name),
            say("clock.contract_ended" if one.ends < today else "clock.contract_ends", day=one.ends),
            button=Button(say("alerts.open"), "show_unit", {"unit": one.unit_id}) if opens else None,
        )
        for one in contracts
    ]
    return [Text(say("clock.contracts"), "heading"), *rows] if rows else []


def contact_rows(found: MyClocks, say: Texts) -> list[Part]:
    """A row a child with every contact that is overdue."""
    rows = [
        ListRow(
            named(placement),
            capital(", ".join(say(f"report.{contact}").lower() for contact in late)) + ".",
        )
        for placement, late in found.contacts
    ]
    return [Text(say("clock.contacts"), "heading"), *rows] if rows else []
