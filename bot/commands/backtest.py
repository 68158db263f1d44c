"""The backtest in the command line: the same tables as in the report, and as JSON."""

from datetime import datetime
from typing import Any

from bot.commands.console import print_json, print_table, print_text
from documents.report.words import Words
from followup.figures import backtest
from followup.figures.figure import Figure, Table
from services.selection.method_history import history
from storage.engine.database import Database
from texts.catalogue import Texts


def show_backtest(database: Database, now: datetime, say: Texts, *, as_json: bool) -> None:
    """Counts of all years; nothing of any child or person is read."""
    with database.reading() as tx:
        found = history(tx, now)
    tables = backtest.tables(found)
    if as_json:
        about = {"can_conclude": backtest.can_conclude(found), "without_band": backtest.without_band(found)}
        print_json({**about, **{one.id: _data(one) for one in tables}})
        return
    if not backtest.can_conclude(found):
        print_text(say("year.tested.too_few", n=backtest.FEWEST_TO_CONCLUDE))
    if without := backtest.without_band(found):
        print_text(say("year.tested.without_band", n=without))
    words = Words(say.say)
    for one in tables:
        print_text("")
        print_text(say(f"year.nothing.{one.id}" if one.is_empty else f"year.caption_of.{one.id}"))
        if not one.is_empty:
            heads = ("", *(say(f"year.column.{column.id}") for column in one.columns))
            print_table(heads, [(words.label(row.label), *map(words.cell, row.cells)) for row in one.rows])


def _data(one: Table) -> dict[str, dict[str, Any]]:
    """By row and column the number, a share as its part and its whole; None where words stand."""
    names = [column.id for column in one.columns]
    return {
        row.key: {
            name: _number(cell) if isinstance(cell, Figure) else None
            for name, cell in zip(names, row.cells, strict=True)
        }
        for row in one.rows
    }


def _number(figure: Figure) -> Any:
    value = figure.value if isinstance(figure.value, int) else float(figure.value)
    return value if figure.of is None else {"part": value, "of": figure.of}
