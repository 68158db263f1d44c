"""Units a row each: their band, and in a line why, or that the quality team alone reads it."""

from collections.abc import Sequence

from dialogs.card import Button, ListRow, Part
from dialogs.forms.lists import MOST_ROWS, at_most
from followup.risk.chart import Tone
from services.views.units import ShortWhy, UnitRow, UnitRows
from texts.catalogue import Texts

# More buttons would make the card heavier than Teams' budget; `utförare NAMN` shows any unit.
MOST_BUTTONS = 10


def unit_rows(found: UnitRows, say: Texts) -> Sequence[Part]:
    """In their order, the first ones with a button each."""
    items = [_item(row, say, opens=nth < MOST_BUTTONS) for nth, row in enumerate(found.rows)]
    return at_most(MOST_ROWS, items, say("status.more"), say, of=found.number)


def _item(row: UnitRow, say: Texts, *, opens: bool) -> ListRow:
    beside = f", {say('risk.band.insufficient')}" if row.uncertain else ""
    button = Button(say("provider.show"), "show_unit", {"unit": row.unit.id}) if opens else None
    return ListRow(
        f"{band_mark(row.band, say)}{beside} · {row.unit.name}", short_why(row, say), button=button
    )


def band_mark(band: Tone, say: Texts) -> str:
    return say(f"band.mark.{band}")


def short_why(row: UnitRow, say: Texts) -> str:
    if not isinstance(row.why, ShortWhy):
        return say("small.quality_reads")
    first = [say(f"reasons.{row.why.decides}")] if row.why.decides else []
    return ", ".join([*first, *(say(f"risk.kinds.{kind}") for kind in row.why.kinds)]) or say("reasons.none")
