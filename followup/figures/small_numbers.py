"""The public version: rows about few children are hidden, and so much more that no sum gives them away."""

from collections.abc import Mapping
from dataclasses import replace

from followup.figures.figure import Cell, Column, Figure, Row, Table
from followup.secrecy import FEW
from followup.wording import wording


def public(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Without the internal tables, and with small numbers suppressed."""
    return {name: suppressed(one) for name, one in tables.items() if not one.internal}


def suppressed(one: Table) -> Table:
    """Hides the rows about few, then the smallest of the others, which nobody can tell from them.

    The rows as small as the smallest are all hidden, so that swapping a hidden row with another would give the
    same table. Where only the few are left, their sum is hidden in place of another row.
    """
    if one.basis is None:
        return one
    sizes = {row.key: _size(one, row) for row in one.rows}
    hidden = {row.key for row in one.rows if row.few or 0 < sizes[row.key] < FEW}
    if one.total is None or not hidden:
        return replace(one, rows=_rows(one, hidden), total=one.total and _hide_small_total(one, one.total))
    rest = {key: size for key, size in sizes.items() if key not in hidden and size >= FEW}
    beside = {key for key, size in rest.items() if size == min(rest.values())}
    return replace(
        one, rows=_rows(one, hidden | beside), total=one.total if beside else _hide(one, one.total)
    )


def _rows(one: Table, hidden: set[str]) -> tuple[Row, ...]:
    return tuple(_hide(one, row) if row.key in hidden else row for row in one.rows)


def _size(one: Table, row: Row) -> int:
    figure = one.figure(row.key, one.basis or "")
    return int(figure.value)


def _hide_small_total(one: Table, total: Row) -> Row:
    return _hide(one, total) if 0 < _size(one, total) < FEW else total


def _hide(one: Table, row: Row) -> Row:
    cells = (_hidden(column, cell) for column, cell in zip(one.columns, row.cells, strict=True))
    return replace(row, cells=tuple(cells))


def _hidden(column: Column, cell: Cell) -> Cell:
    if column.of_children:
        return wording("year.few")
    return replace(cell, suppressed=True) if isinstance(cell, Figure) else cell
