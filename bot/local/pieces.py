"""The parts of a card that can be drawn or judged without knowing the rest of it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

Element = Mapping[str, Any]
COLOURS = {"attention": "red", "warning": "yellow", "good": "green", "accent": "blue"}
PIXELS_A_SIGN = 8
# A no-break space is one to the console too, so that it would break the line there.
UNBROKEN = "\ue000"
NO_BREAK = re.compile(r"\u00a0|(?<=\d) (?=[%§])")
BOLD = re.compile(r"\*\*(.+?)\*\*")


def known(element: Element) -> Element | None:
    """The element, or its fallback where this drawing does not know it."""
    kind = str(element.get("type", ""))
    known = kind in _KNOWN or kind.startswith(("Input.", "Action."))
    fallback = element.get("fallback")
    return element if known else fallback if isinstance(fallback, dict) else None


def is_shown(element: Element) -> bool:
    """A terminal unfolds what can be unfolded."""
    is_folded = str(element.get("id", "")).startswith("fold")
    return is_folded or element.get("isVisible", True) is not False


def grouped(elements: Sequence[Element]) -> Iterator[list[Element]]:
    """Rows of columns that follow each other and have the same widths; everything else alone."""
    group: list[Element] = []
    for element in elements:
        if group and not (widths_of(element) and widths_of(element) == widths_of(group[0])):
            yield group
            group = []
        group.append(element)
    if group:
        yield group


def widths_of(element: Element) -> list[object]:
    return [column.get("width", "stretch") for column in shown_columns(element)]


def without_echoes(elements: Sequence[Element]) -> list[Element]:
    """The elements without pictures whose description is what the text before them says."""
    before = [None, *elements]
    return [
        one
        for text, one in zip(before, elements, strict=False)
        if not (text and one["type"] == "Image" and _begins_with(one.get("altText"), text.get("text")))
    ]


def unbroken(words: str) -> str:
    """The words with spaces at which no line is broken, until they are written."""
    return words.replace(" ", UNBROKEN)


def written(drawn: str) -> str:
    return drawn.replace(UNBROKEN, " ")


def is_apart(element: Element) -> bool:
    spacing = str(element.get("spacing", "")).lower()
    return bool(element.get("separator")) or spacing in ("medium", "large", "extralarge")


def shown_columns(row: Element) -> list[Element]:
    return [column for column in row.get("columns", []) if is_shown(column)]


def ratio(width: object) -> int | None:
    if width == "stretch":
        return 1
    return int(float(str(width))) or 1 if str(width).replace(".", "", 1).isdecimal() else None


def pixels(width: object) -> int | None:
    text = str(width)
    return max(1, int(text.removesuffix("px")) // PIXELS_A_SIGN) if text.endswith("px") else None


def stack(parts: Sequence[RenderableType | None]) -> Group | None:
    shown = [part for part in parts if part is not None]
    return Group(*shown) if shown else None


def marked(mark: str, inside: RenderableType | None) -> RenderableType | None:
    if not mark:
        return inside
    grid = Table.grid(padding=(0, 1))
    grid.add_row(Text(mark), inside)
    return grid


def title_of(action: Element) -> str:
    return str(action.get("title") or action.get("tooltip") or action.get("verb") or "Välj")


def _run(run: Element | str) -> Text:
    return Text(run) if isinstance(run, str) else _words(run)


def _words(block: Element) -> Text:
    """The text with Teams' **bold**; what is coloured as needing attention is marked for those without colours."""
    colour = str(block.get("color", "")).lower()
    is_heading = (
        str(block.get("size", "")).lower() in ("large", "extralarge") or block.get("style") == "heading"
    )
    is_bold = is_heading or str(block.get("weight", "")).lower() == "bolder"
    style = " ".join(filter(None, ["bold" if is_bold else "", COLOURS.get(colour, "")]))
    text = NO_BREAK.sub(UNBROKEN, str(block.get("text", "")))
    words = Text("! " if colour == "attention" and not text.startswith("⚠") else "", style=style)
    for number, part in enumerate(BOLD.split(text)):
        words.append(part, style="bold" if number % 2 else "")
    return words


def _begins_with(said: str | None, words: str | None) -> bool:
    return bool(said and words) and str(said).startswith(str(words))


def _image(element: Element) -> Text:
    return Text(f"[bild: {element.get('altText') or 'utan beskrivning'}]")


def _runs(element: Element) -> Text:
    return Text.assemble(*map(_run, element.get("inlines", [])))


def _facts(element: Element) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    # A checksum is one long word, and somebody is to compare all of it.
    grid.add_column(overflow="fold")
    for fact in element.get("facts", []):
        grid.add_row(
            Text(str(fact.get("title", "")), style="bold"), Text(str(fact.get("value", "")), overflow="fold")
        )
    return grid


PLAIN: Mapping[str, Callable[[Element], RenderableType]] = {
    "TextBlock": _words,
    "RichTextBlock": _runs,
    "FactSet": _facts,
    "Image": _image,
}
_KNOWN = {*PLAIN, "ActionSet", "Column", "ColumnSet", "Container", "ImageSet", "Table"}
