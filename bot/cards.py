"""Draws a card value as an Adaptive Card 1.5, with nothing in it that Teams' clients drop without a word."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from bot.as_written import as_written
from bot.charts import PictureOf, draw_chart, no_picture
from dialogs.card import Button, Card, Deeds, Download, Facts, Field, Grid, ListRow, Part, Shown, Text, Toggle
from followup.risk.chart import BarChart, Donut, Gauge, LineChart
from texts.catalogue import Texts

Json = dict[str, Any]
LinkOf = Callable[[Download], str | None]
# The link that opens a thing in the workspace, by its kind and number; empty where there is no workspace.
PageLink = Callable[[str], str]
CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
BUDGET_BYTES = 25_000
# The ids of what is folded begin so.
FOLD = "fold"
# Teams takes about 100 KB, counted in UTF-16.
LARGEST_BYTES = 80 * 1024

_TONES: Mapping[str, Json] = {
    # A card that says several things to one person has a title for each of them.
    "title": {
        **{"size": "Large", "weight": "Bolder", "style": "heading"},
        **{"spacing": "ExtraLarge", "separator": True},
    },
    "heading": {"weight": "Bolder", "spacing": "Large"},
    "folded": {"weight": "Bolder", "spacing": "Large"},
    "normal": {},
    "subtle": {"isSubtle": True, "size": "Small"},
    "problem": {"color": "Attention", "weight": "Bolder"},
    "good": {"color": "Good", "weight": "Bolder"},
    "warning": {"weight": "Bolder"},
}
# Colour is never the only sign.
_MARKS = {"problem": "⚠ ", "good": "✓ ", "warning": "⚠ "}
_TOP_LEVEL_BUTTONS = 6


def no_link(file: Download) -> str | None:
    """For a bot without an address, and cards that outlive a link."""
    return None


def no_page(page: str) -> str:
    """For a bot without a workspace."""
    return ""


def draw(
    card: Card,
    nonce: str,
    language: str = "sv",
    pictures: PictureOf = no_picture,
    links: LinkOf = no_link,
    pages: PageLink = no_page,
) -> Json:
    """The card's dict; the nonce goes with every button, so that a press is taken once."""
    data = {"nonce": nonce, **card.data}

    def drawn(parts: Sequence[Part]) -> list[Json]:
        return [
            _download(part, links(part)) if isinstance(part, Download) else _part(part, data, pictures)
            for part in parts
        ]

    opened, *folded = _folds(card.parts)
    body = [*drawn(opened), *(one for at, fold in enumerate(folded) for one in _fold(at, fold, drawn))]
    if card.page and (address := pages(card.page)):
        opening = {"type": "Action.OpenUrl", "title": Texts(language)("page.open"), "url": address}
        body.append({"type": "ActionSet", "spacing": "Medium", "actions": [opening]})
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": language,
        "fallbackText": card.summary,
        "speak": card.summary,
        "msteams": {"width": "Full"},
        "body": body,
        "actions": [_action(button, data) for button in card.buttons[:_TOP_LEVEL_BUTTONS]],
    }


def _folds(parts: Sequence[Part]) -> list[list[Part]]:
    """What is open, and each part that is folded with its heading first: those come last in a card."""
    found: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, Text) and part.tone == "folded":
            found.append([])
        found[-1].append(part)
    return found


def _fold(at: int, parts: Sequence[Part], drawn: Callable[[Sequence[Part]], list[Json]]) -> list[Json]:
    heading, id_ = parts[0], f"{FOLD}{at}"
    assert isinstance(heading, Text)
    unfold = {"type": "Action.ToggleVisibility", "title": heading.text, "targetElements": [id_]}
    return [
        {"type": "ActionSet", "actions": [unfold]},
        {"type": "Container", "id": id_, "isVisible": False, "items": drawn(parts[1:])},
    ]


def size_of(message: Json) -> int:
    """Bytes as Teams counts them."""
    return len(orjson.dumps(message).decode().encode("utf-16-le"))


def is_too_large(message: Json) -> bool:
    # No text takes more than twice as many bytes in UTF-16 as in UTF-8.
    return 2 * len(orjson.dumps(message)) > LARGEST_BYTES and size_of(message) > LARGEST_BYTES


def attachment(drawn: Json) -> Json:
    return {"contentType": CONTENT_TYPE, "content": drawn}


def _download(file: Download, link: str | None) -> Json:
    """What the file is, and the button that fetches it."""
    items = [
        _block(file.title, weight="Bolder"),
        _block(file.about, isSubtle=True, spacing="None", size="Small"),
    ]
    if link is None:
        items.append(_block(file.otherwise, spacing="Small"))
    else:
        fetch = {"type": "Action.OpenUrl", "title": f"{file.fetch}: {file.title}", "url": link}
        items.append({"type": "ActionSet", "spacing": "Small", "actions": [fetch]})
    return {"type": "Container", "separator": True, "spacing": "Medium", "items": items}


def _part(part: Shown, data: Json, pictures: PictureOf) -> Json:
    if isinstance(part, Text):
        return _text(part)
    if isinstance(part, LineChart | BarChart | Donut | Gauge):
        return draw_chart(part, pictures(part))
    if isinstance(part, Facts):
        facts = [{"title": as_written(name), "value": as_written(value)} for name, value in part.pairs]
        return {"type": "FactSet", "facts": facts}
    if isinstance(part, Grid):
        return _grid(part)
    if isinstance(part, Deeds):
        return _deeds(part, data)
    return _item(part, data) if isinstance(part, ListRow) else _field(part)


def _deeds(deeds: Deeds, data: Json) -> Json:
    actions = [_action(button, data) for button in deeds.buttons[:_TOP_LEVEL_BUTTONS]]
    return {"type": "ActionSet", "spacing": "Medium", "actions": actions}


def _text(part: Text) -> Json:
    block = _block(_MARKS.get(part.tone, "") + part.text, **_TONES[part.tone])
    return {"type": "Container", "style": "warning", "items": [block]} if part.tone == "warning" else block


def _block(text: str, **style: Any) -> Json:
    return {"type": "TextBlock", "text": as_written(text), "wrap": True, **style}


def _grid(grid: Grid) -> Json:
    rows = [grid.headers, *grid.rows]
    return {
        "type": "Table",
        "firstRowAsHeaders": True,
        "gridStyle": "default",
        # On a phone a third column is wide enough for "december" in a heading.
        "columns": [{"width": 2 if column == 0 else 1} for column in range(len(grid.headers))],
        "rows": [_row(row, header=number == 0) for number, row in enumerate(rows)],
        "fallback": _listed(grid),
    }


def _listed(grid: Grid) -> Json:
    """For clients without tables, phones of an older day among them: each row by itself, each value by its header."""
    facts = [
        {
            "type": "FactSet",
            "facts": [
                {"title": as_written(name), "value": as_written(value)}
                for name, value in zip(grid.headers[1:], row[1:], strict=True)
            ],
        }
        for row in grid.rows
    ]
    names = [_block(row[0], weight="Bolder") for row in grid.rows]
    return {"type": "Container", "items": [one for both in zip(names, facts, strict=True) for one in both]}


def _row(cells: tuple[str, ...], *, header: bool) -> Json:
    style = {"weight": "Bolder"} if header else {}
    drawn = [{"type": "TableCell", "items": [_block(cell, **style)]} for cell in cells]
    return {"type": "TableRow", "cells": drawn}


def _item(item: ListRow, data: Json) -> Json:
    """A row that is ticked is named by its tick box alone, so that it is not read out twice."""
    texts = [_toggle(item.toggle)] if item.toggle else [_block(item.title, weight="Bolder")]
    if item.subtitle and not item.toggle:
        texts.append(_block(item.subtitle, isSubtle=True, spacing="None", size="Small"))
    if item.note:
        texts.append(_block(item.note, spacing="Small", size="Small"))
    columns: list[Json] = [{"type": "Column", "width": "stretch", "items": texts}]
    if item.button:
        columns.append(_button_column(item.button, item.title, data))
    inside = [{"type": "ColumnSet", "columns": columns}]
    return {"type": "Container", "separator": True, "spacing": "Medium", "items": inside}


def _toggle(toggle: Toggle) -> Json:
    return {
        "type": "Input.Toggle",
        "id": toggle.id,
        "title": toggle.title,
        "value": "true" if toggle.on else "false",
        "wrap": True,
    }


def _button_column(button: Button, row: str, data: Json) -> Json:
    """A button in a row: a column that can be chosen, since buttons proper are few in a card.

    Its spoken name says which row it belongs to. There are many, so they carry no more than they must.
    """
    action = _action(button, data)
    action["title"] = f"{button.title}: {row}"
    del action["fallback"]["title"]
    return {
        "type": "Column",
        "width": "auto",
        "style": "emphasis",
        "verticalContentAlignment": "Center",
        "selectAction": action,
        "items": [{"type": "TextBlock", "text": button.title, "color": "Accent", "weight": "Bolder"}],
    }


def _action(button: Button, data: Json) -> Json:
    """Action.Execute, and the same as Action.Submit for clients that lack it."""
    card_data = {**data, **button.data}
    associated = {} if button.takes_inputs else {"associatedInputs": "none"}
    return {
        "type": "Action.Execute",
        "title": button.title,
        "verb": button.verb,
        "data": {"card": card_data},
        **associated,
        "fallback": {
            "type": "Action.Submit",
            "title": button.title,
            "data": {"card": {**card_data, "verb": button.verb}},
            **associated,
        },
    }


def _field(field: Field) -> Json:
    """The input, and what is wrong with it in words beside it."""
    items: list[Json] = []
    if field.hint:
        items.append(_block(field.hint, isSubtle=True, size="Small"))
    close = {"spacing": "Small"} if field.hint else {}
    items.append({**_input(field), **close})
    if not field.problem:
        # A hint stands above its input, so it is kept nearer to that than to the input before.
        return items[0] if len(items) == 1 else {"type": "Container", "spacing": "Medium", "items": items}
    items.append(_block(f"⚠ {field.problem}", color="Attention", weight="Bolder", spacing="Small"))
    return {"type": "Container", "style": "attention", "items": items}


def _input(field: Field) -> Json:
    label = f"{field.label} *" if field.required else field.label
    drawn: Json = {"id": field.id, "label": label}
    if field.value:
        drawn["value"] = field.value
    if field.kind == "date":
        return {"type": "Input.Date", **drawn}
    if field.kind in ("text", "line"):
        return {"type": "Input.Text", "isMultiline": field.kind == "text", **drawn}
    return {
        "type": "Input.ChoiceSet",
        **drawn,
        "style": "compact" if field.compact and field.kind == "choice" else "expanded",
        "isMultiSelect": field.kind == "choices",
        "wrap": True,
        "choices": [{"title": choice.title, "value": choice.value} for choice in field.choices],
    }
