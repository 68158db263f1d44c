"""How it stood at the end of a month that has passed (läge oktober)."""

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.overview.response_rates import rate_heading, rate_sentence
from dialogs.overview.status import band_chart
from dialogs.overview.unit_rows import band_mark
from dialogs.turn import Reply, Turn
from followup.times.month import Month
from services.acting import Refused
from services.views.status_then import StatusThen
from services.views.status_then import status_then as read_then
from texts.catalogue import Texts


def status_then(turn: Turn, month: Month) -> Reply:
    say, found = turn.say, read_then(turn.acting, month)
    if isinstance(found, Refused):
        return Reply(text=say("refused.role"))
    parts: list[Part] = [
        Text(say("status.title"), "title"),
        Text(say("status.then", day=found.day), "subtle"),
        *(
            _shown(found, say)
            if found.bands
            else [Text(say("status.then.nothing", day=found.day), "warning")]
        ),
        *([rate_heading(turn)] if found.rates else []),
        *(Text(rate_sentence(one, say)) for one in found.rates),
    ]
    return Reply(card=Card(say("status.title"), tuple(parts), (Button(say("status.now"), "status"),)))


def _shown(found: StatusThen, say: Texts) -> list[Part]:
    rows = [ListRow(f"{band_mark(band, say)} · {unit.name}") for band, unit in found.units]
    if not rows:
        return [*band_chart(found.bands, say), Text(say("status.then.none"), "good")]
    return [*band_chart(found.bands, say), *at_most(MOST_ROWS, rows, "", say)]
