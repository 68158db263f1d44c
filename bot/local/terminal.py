"""Draws an Adaptive Card as text for a terminal, and lists what can be pressed and filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.local.fields import Input, field_of
from bot.local.pieces import (
    PLAIN,
    Element,
    grouped,
    is_apart,
    is_shown,
    known,
    marked,
    pixels,
    ratio,
    shown_columns,
    stack,
    title_of,
    unbroken,
    widths_of,
    without_echoes,
    written,
)


@dataclass(frozen=True)
class NumberedAction:
    """Something to press, with the inputs that go with it: those to ask for, and the values of hidden ones."""

    number: int
    title: str
    action: Element
    fields: tuple[Input, ...]
    hidden: Mapping[str, str]


def draw(card: Element, width: int = 92, *, styled: bool = False) -> str:
    """The card as a person would read it; `styled` adds the terminal's bold and colours."""
    page = StringIO()
    console = Console(file=page, width=width, force_terminal=styled, no_color=not styled, highlight=False)
    console.print(_Drawing().card(card))
    return "\n".join(line.rstrip() for line in written(page.getvalue()).splitlines())


def actions_of(card: Element) -> list[NumberedAction]:
    drawing = _Drawing()
    drawing.card(card)
    return drawing.actions


def inputs_of(card: Element) -> list[Input]:
    drawing = _Drawing()
    drawing.card(card)
    return drawing.fields


class _Drawing:
    """One walk over the card gives the drawing, the numbers and the inputs, so that they always agree."""

    def __init__(self) -> None:
        self.fields: list[Input] = []
        self._actions: list[tuple[Element, tuple[Element, ...], bool]] = []
        self._cards: tuple[Element, ...] = ()
        self._fields_in: dict[int, list[Input]] = {}

    @property
    def actions(self) -> list[NumberedAction]:
        return [self._numbered(number, *pressed) for number, pressed in enumerate(self._actions, 1)]

    def _numbered(
        self, number: int, action: Element, cards: tuple[Element, ...], asks: bool
    ) -> NumberedAction:
        """An action takes the inputs of its own card and of those around it, not of cards folded in below.

        One in a row takes them as they stand: whoever opens a row has not answered for the others.
        """
        takes_none = str(action.get("associatedInputs", "auto")).lower() == "none"
        inputs = [] if takes_none else [field for card in cards for field in self._fields_in[id(card)]]
        fields = tuple(field for field in inputs if asks and field in self.fields)
        hidden = {field.id: field.value for field in inputs if field not in fields}
        return NumberedAction(number, title_of(action), action, fields, hidden)

    def card(self, card: Element) -> RenderableType:
        outer, self._cards = self._cards, (*self._cards, card)
        self._fields_in[id(card)] = []
        select = [card["selectAction"]] if "selectAction" in card else []
        body = self.elements(card.get("body", []))
        buttons = self.buttons([*select, *card.get("actions", [])])
        self._cards = outer
        return stack([body, Text() if body and buttons else None, buttons]) or Text()

    def elements(self, elements: list[Element]) -> RenderableType | None:
        """Rows of columns that follow each other are drawn as one grid, so that the columns line up."""
        parts = [element for element in map(known, elements) if element]
        shown = without_echoes([element for element in parts if is_shown(element)])
        drawn: list[RenderableType | None] = []
        for group in grouped(shown):
            drawn += [Text()] if drawn and is_apart(group[0]) else []
            drawn += [self.rows(group) if group[0]["type"] == "ColumnSet" else self.element(group[0])]
        for element in parts:
            if not is_shown(element):
                self.hide(element)
        return stack(drawn)

    def element(self, element: Element) -> RenderableType | None:
        mark = self.mark(element)
        return marked(mark, self.inside(element))

    def inside(self, element: Element) -> RenderableType | None:
        kind = element["type"]
        if kind in PLAIN:
            return PLAIN[kind](element)
        if kind.startswith("Input."):
            return self.input(element)
        if kind == "ColumnSet":
            return self.rows([element])
        if kind == "Table":
            return self.table(element)
        if kind == "ActionSet":
            return self.buttons(element.get("actions", []))
        return self.elements(element.get("items") or element.get("images") or [])

    def input(self, element: Element) -> Text:
        field = field_of(element, len(self.fields) + 1)
        self.fields.append(field)
        self._fields_in[id(self._cards[-1])].append(field)
        return Text(field.shown())

    def hide(self, element: Element) -> None:
        """What is not shown cannot be pressed or asked for, but its inputs go along as they stand."""
        pressed, asked = len(self._actions), len(self.fields)
        self.element(element)
        del self._actions[pressed:], self.fields[asked:]

    def rows(self, rows: list[Element]) -> RenderableType | None:
        columns = [shown_columns(row) for row in rows]
        widths = widths_of(rows[0])
        grid = Table.grid(padding=(0, 2), expand=any(ratio(width) for width in widths))
        for width in widths:
            grid.add_column(ratio=ratio(width), width=pixels(width))
        for row, cells in zip(rows, columns, strict=True):
            mark = self.mark(row)
            first, *rest = [self.element({**cell, "type": "Column"}) for cell in cells] or [None]
            grid.add_row(marked(mark, first), *rest)
        return grid

    def table(self, element: Element) -> RenderableType:
        rows = [row.get("cells", []) for row in element.get("rows", [])]
        first, *rest = [[self.elements(cell.get("items", [])) for cell in row] for row in rows] or [[]]
        has_header = element.get("firstRowAsHeader", element.get("firstRowAsHeaders", True))
        table = Table(show_header=has_header, show_edge=False, box=None, padding=(0, 2, 0, 0))
        for heading in first:
            table.add_column((has_header and heading) or "")
        for row in rest if has_header else [first, *rest]:
            table.add_row(*row)
        return table

    def buttons(self, actions: list[Element]) -> RenderableType | None:
        """The buttons on a line, and below it the cards that some of them would unfold."""
        shown = (action for action in map(known, actions) if action)
        buttons = [action for action in shown if action["type"] != "Action.ToggleVisibility"]
        plain = [
            unbroken(f"{self.number(one)} {title_of(one)}")
            for one in buttons
            if one["type"] != "Action.ShowCard"
        ]
        line = Text("   ".join(plain)) if plain else None
        return stack([line, *(self.unfolded(each) for each in buttons if each["type"] == "Action.ShowCard")])

    def unfolded(self, action: Element) -> RenderableType:
        inside = Padding(self.card(action["card"]), (0, 0, 0, 2))
        return Group(Text(title_of(action), style="bold"), inside)

    def mark(self, element: Element) -> str:
        """The number of what is pressed by pressing the element itself."""
        return self.number(element["selectAction"], asks=False) if "selectAction" in element else ""

    def number(self, action: Element, *, asks: bool = True) -> str:
        self._actions.append((action, self._cards, asks))
        return f"[{len(self._actions)}]"
