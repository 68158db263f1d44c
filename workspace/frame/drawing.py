"""Pages as HTML: templates that escape whatever they are given, and the words of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dialogs.card import Deeds, Download, Facts, Field, Grid, ListRow, Part, Text
from followup.risk.chart import BarChart, Donut, Gauge, LineChart
from followup.times.calendar import municipal_day
from followup.wording.form import read_day
from texts.catalogue import Texts, capital
from workspace.frame.entry import ROOT
from workspace.frame.svg import curve_of

TEMPLATES = Path(__file__).parents[1] / "templates"
_NAMES: Mapping[type, str] = {
    Text: "text",
    Facts: "facts",
    Grid: "grid",
    ListRow: "row",
    Deeds: "deeds",
    Field: "field",
    LineChart: "line",
    BarChart: "bars",
    Donut: "donut",
    Download: "download",
    Gauge: "gauge",
}


@dataclass(frozen=True)
class Tab:
    """A place in the navigation."""

    title: str
    address: str
    here: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What stands around every page: whose it is, its forms' tokens, the files it loads, and the navigation."""

    say: Texts
    files: Mapping[str, str]
    token: str = ""
    nonce: str = ""
    theme: str = ""
    name: str = ""
    tabs: tuple[Tab, ...] = ()
    local: bool = False
    values: Mapping[str, object] = field(default_factory=dict)


def draw(template: str, heading: str, values: Mapping[str, object], around: Surroundings) -> str:
    return (
        environment()
        .get_template(template)
        .render(**{**around.values, **values}, heading=heading, around=around, say=around.say, root=ROOT)
    )


@cache
def environment() -> Environment:
    """Made once; a value that a template lacks is an error and not an empty place."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["capital"] = capital
    made.filters["day"] = municipal_day
    made.filters["written_day"] = read_day
    made.globals["kind_of"] = kind_of
    made.globals["sections"] = sections
    made.globals["curve_of"] = curve_of
    return made


def kind_of(part: Part) -> str:
    """The macro that draws it; what none draws is left to its own page, such as a file to fetch."""
    return _NAMES.get(type(part), "none")


@dataclass(frozen=True)
class FormSection:
    """What stands under one heading, which is empty for what stands before the first; `folded` until it is opened."""

    heading: str
    parts: tuple[Any, ...]
    folded: bool = False


def sections(parts: tuple[Part, ...]) -> list[FormSection]:
    """A card's parts by its headings; its title is the page's own."""
    found: list[FormSection] = [FormSection("", ())]
    for part in parts:
        if isinstance(part, Text) and part.tone == "title":
            continue
        if isinstance(part, Text) and part.tone in ("heading", "folded"):
            found.append(FormSection(part.text, (), part.tone == "folded"))
        else:
            found[-1] = replace(found[-1], parts=(*found[-1].parts, part))
    return [one for one in found if one.parts or one.heading]
