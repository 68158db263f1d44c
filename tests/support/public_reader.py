"""Who reads all that leaves the quality team and solves it: numbers for every unit, from the files and nothing else.

Written without the product's counting. Of each unit the reader looks for its placements, the reports due and those in,
and how many placements are on a framework contract. What is printed as a sum is an equation, a size or a whole per cent
two limits, and that a unit is listed says that it had a placement.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import numpy as np
from openpyxl import load_workbook
from scipy.optimize import Bounds, LinearConstraint, milp

# What a row of the table by form can be made of, by the words that the list of units has.
FORM_ROWS = {
    "Hem för vård eller boende (HVB)": {"HVB"},
    "Stödboende": {"Stödboende"},
    "Konsulentstött familjehem": {"Familjehem"},
    "Konsulentstött jourhem": {"Jourhem"},
    "Konsulentstött familjehem och jourhem": {"Familjehem", "Jourhem"},
    "HVB och stödboende": {"HVB", "Stödboende"},
}
REGI_ROWS = {
    "Privat": {"Privat"},
    "Egen regi": {"Egen regi"},
    "Annan offentlig": {"Annan offentlig"},
    "Offentlig": {"Egen regi", "Annan offentlig"},
}
PLACEMENTS, DUE, CAME, FRAMEWORK = range(4)
MEASURES, MOST, SPREAD = 4, 12_000, 2
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Terms = Mapping[int, Mapping[int, int]]


@dataclass(frozen=True)
class Listed:
    name: str
    provider: str
    form: str
    regi: str


@dataclass
class Reader:
    """The units and the conditions on their numbers, collected from the documents of one edition.

    `after` is the reader of the edition that this one corrects, whose numbers were no higher; `last_year` that of the
    year before, of whose numbers this year's documents may say something too.
    """

    units: list[Listed] = field(default_factory=list)
    conditions: list[tuple[dict[tuple[int, int], int], float, float]] = field(default_factory=list)
    after: "Reader | None" = None
    last_year: "Reader | None" = None

    def learn(self, measure: int, units: Iterable[int], lowest: float, highest: float) -> None:
        self.conditions.append(({(measure, unit): 1 for unit in units}, lowest, highest))

    def learn_share(self, units: Sequence[int], percent: int) -> None:
        """Of the reports due those in, rounded to whole per cent, a half upwards."""
        terms = {(CAME, unit): 200 for unit in units}
        lowest = {**terms, **{(DUE, unit): 1 - 2 * percent for unit in units}}
        highest = {**terms, **{(DUE, unit): -1 - 2 * percent for unit in units}}
        self.conditions += [(lowest, 0, np.inf), (highest, -np.inf, -1)]

    def learn_of(self, units: Sequence[int], text: str, measures: Sequence[int]) -> None:
        """A count, `43 % (41 av 96)`, or the per cent alone."""
        parts = re.search(r"\(([\d ]+) av ([\d ]+)\)", text)
        if parts and len(measures) == 2:
            for measure, found in zip(measures, parts.groups(), strict=True):
                self.learn(measure, units, _whole(found), _whole(found))
        elif parts or "%" in text:
            found = re.match(r"(\d+) %", text)
            if found and len(measures) == 2 and measures[1] == DUE:
                self.learn_share(units, int(found[1]))
        elif (value := number(text)) is not None:
            self.learn(measures[0], units, value, value)

    def all_conditions(self) -> list[tuple[dict[tuple[int, int], int], float, float]]:
        """With what is true of every unit."""
        found = list(self.conditions)
        for unit, one in enumerate(self.units):
            found += [
                ({(DUE, unit): 1, (PLACEMENTS, unit): -12}, -np.inf, 0),
                ({(CAME, unit): 1, (DUE, unit): -1}, -np.inf, 0),
                ({(FRAMEWORK, unit): 1, (PLACEMENTS, unit): -1}, -np.inf, 0),
            ]
            if one.regi == "Egen regi":
                found.append(({(FRAMEWORK, unit): 1}, 0, 0))
        return found

    @property
    def before(self) -> "Reader | None":
        return self.after or self.last_year


class Solver:
    """Also the edition before, whose units are further columns."""

    def __init__(self, reader: Reader) -> None:
        self.readers = [reader, *([reader.before] if reader.before else [])]
        self.offsets = [0, len(reader.units) * MEASURES]
        width = sum(len(one.units) for one in self.readers) * MEASURES
        rows: list[tuple[dict[int, int], float, float]] = []
        for offset, one in zip(self.offsets, self.readers, strict=False):
            for terms, low, high in one.all_conditions():
                rows.append(
                    (
                        {offset + unit * MEASURES + measure: f for (measure, unit), f in terms.items()},
                        low,
                        high,
                    )
                )
        if reader.after:
            rows += self._no_higher_before(reader, reader.after)
        matrix = np.zeros((len(rows), width))
        for at, (by_place, _, _) in enumerate(rows):
            for place, factor in by_place.items():
                matrix[at, place] += factor
        self.constraints = [LinearConstraint(matrix, [one[1] for one in rows], [one[2] for one in rows])]
        self.lowest = np.array([1.0 if place % MEASURES == PLACEMENTS else 0.0 for place in range(width)])
        # What each number is in the solutions that are found so far.
        self.least, self.most = np.full(width, np.inf), np.full(width, -np.inf)

    def _no_higher_before(self, reader: Reader, before: Reader) -> list[tuple[dict[int, int], float, float]]:
        place_of = {one.name: place for place, one in enumerate(reader.units)}
        return [
            (
                {
                    place_of[one.name] * MEASURES + measure: 1,
                    self.offsets[1] + place * MEASURES + measure: -1,
                },
                0,
                np.inf,
            )
            for place, one in enumerate(before.units)
            if one.name in place_of
            for measure in (PLACEMENTS, DUE, CAME)
        ]

    def spread(self, unit: int, measure: int = PLACEMENTS, *, before: bool = False) -> tuple[int, int]:
        """The lowest and the highest that the unit's number can be, or two that it can be and that lie SPREAD apart."""
        place = self.offsets[before] + unit * MEASURES + measure
        if self.most[place] - self.least[place] < SPREAD:
            return self._ends(place)
        return int(self.least[place]), int(self.most[place])

    def _remember(self, numbers: Any) -> None:
        """Unless the rounding has made it no solution."""
        [known] = self.constraints
        sums = known.A @ numbers
        if (sums >= known.lb).all() and (sums <= known.ub).all() and (numbers >= self.lowest).all():
            self.least, self.most = np.minimum(self.least, numbers), np.maximum(self.most, numbers)

    def _ends(self, place: int) -> tuple[int, int]:
        found = []
        for sign in (1, -1):
            aim = np.zeros(len(self.lowest))
            aim[place] = sign
            solved = milp(
                aim,
                integrality=np.ones(len(self.lowest), int),
                bounds=Bounds(self.lowest, MOST),
                constraints=self.constraints,
            )
            assert solved.status == 0, "What is printed does not add up."
            found.append(round(sign * solved.fun))
            self._remember(np.round(solved.x))
        return found[0], found[1]


def tables(content: bytes) -> list[list[list[str]]]:
    """As they stand in the file's own XML, where no cell is joined with another: python-docx looks for such in each."""
    with ZipFile(BytesIO(content)) as packed:
        document = fromstring(packed.read("word/document.xml"))
    return [_rows(one) for one in document.findall(f"{_W}body/{_W}tbl")]


def _rows(one: Element) -> list[list[str]]:
    assert one.find(f".//{_W}gridSpan") is None and one.find(f".//{_W}vMerge") is None
    return [[_first_line(cell) for cell in row.findall(f"{_W}tc")] for row in one.findall(f"{_W}tr")]


def _first_line(cell: Element) -> str:
    text = ""
    for part in next(cell.iter(f"{_W}p")).iter():
        if part.tag in (f"{_W}br", f"{_W}cr"):
            break
        text += (part.text or "") if part.tag == f"{_W}t" else ""
    return text.replace("\u00a0", " ")


def number(text: str) -> int | None:
    found = re.match(r"(\d[\d ]*)", text)
    return _whole(found[1]) if found and "%" not in text else None


def _whole(text: str) -> int:
    return int(text.replace(" ", ""))


def read_together(
    report: bytes, annex: bytes, stratsys: bytes | None = None, *, months_are_kept: bool = False
) -> Reader:
    """What all say, of the units that are listed; a table that is said to stand as before is none of it."""
    reader, found = Reader(), tables(report)
    for rows in found:
        if rows[0][0] == "Enhet" and "Regi" in rows[0]:
            reader.units = [Listed(*row[:4]) for row in rows[1:]]
    for rows in found:
        _learn_by_form(reader, rows)
        _learn_by_regi(reader, rows)
        _learn_by_contract(reader, rows)
        if not months_are_kept:
            _learn_by_month(reader, rows)
    for rows in tables(annex):
        _learn_of_providers(reader, rows)
    if stratsys is not None:
        _learn_of_figures(reader, stratsys)
    return reader


def _learn_by_form(reader: Reader, rows: list[list[str]]) -> None:
    if rows[0][0] == "Boendeform" and "Placeringar" in rows[0]:
        for row in rows[1:]:
            _learn_line(reader, FORM_ROWS.get(row[0]), "form", dict(zip(rows[0], row, strict=True)))


def _learn_by_regi(reader: Reader, rows: list[list[str]]) -> None:
    """A table that lies: a line is a measure."""
    if rows[0][0] != "Mått" or "Alla" not in rows[0]:
        return
    for place, head in enumerate(rows[0][1:], 1):
        _learn_line(reader, REGI_ROWS.get(head), "regi", {row[0]: row[place] for row in rows[1:]})


def _learn_line(reader: Reader, of: set[str] | None, kind: str, line: Mapping[str, str]) -> None:
    own = [place for place, one in enumerate(reader.units) if of is None or getattr(one, kind) in of]
    for name, measures in (
        ("Placeringar", [PLACEMENTS]),
        ("Svarsfrekvens", [CAME, DUE]),
        ("På ramavtal", [FRAMEWORK, PLACEMENTS]),
    ):
        if name in line:
            reader.learn_of(own, line[name], measures)


def _learn_by_contract(reader: Reader, rows: list[list[str]]) -> None:
    """The own regi's placements have its own form of contract."""
    everyone = range(len(reader.units))
    own = [place for place in everyone if reader.units[place].regi == "Egen regi"]
    for row in rows[1:] if rows[0][0] == "Avtalsform" and len(rows[0]) == 2 else []:
        told = re.search(r"\((\d+) av (\d+)\)", row[1])
        if told and row[0] == "Egen regi":
            reader.learn(PLACEMENTS, own, int(told[1]), int(told[1]))
        elif told and row[0] == "Ramavtal":
            reader.learn(FRAMEWORK, everyone, int(told[1]), int(told[1]))


def _learn_by_month(reader: Reader, rows: list[list[str]]) -> None:
    """Only its sum is told in numbers."""
    if rows[0][0] == "Månad" and "Svarsfrekvens" in rows[0]:
        line = dict(zip(rows[0], rows[-1], strict=True))
        reader.learn_of(range(len(reader.units)), line["Svarsfrekvens"], [CAME, DUE])


def _learn_of_providers(reader: Reader, rows: list[list[str]]) -> None:
    if rows[0][0] != "Privat utförare":
        return
    private = [place for place, one in enumerate(reader.units) if one.regi == "Privat"]
    for row in rows[1:]:
        line = dict(zip(rows[0], row, strict=True))
        own = [place for place in private if reader.units[place].provider == row[0]]
        size = re.fullmatch(r"(\d+)(?:–(\d+)| eller fler)", line.get("Placeringar", ""))
        if size:
            reader.learn(PLACEMENTS, own, int(size[1]), float(size[2] or MOST))
        elif row[0] == "Summa":
            reader.learn_of(private, line.get("Placeringar", ""), [PLACEMENTS])
            reader.learn_of(private, line.get("Svarsfrekvens", ""), [CAME, DUE])


def learn_of_last_year(reader: Reader, report: bytes) -> None:
    """What this year's report repeats of last year's sums, beside last year's own documents."""
    before = reader.last_year
    assert before is not None
    for rows in tables(report):
        if rows[0][0] == "Mått" and len(rows[0]) == 3 and rows[0][1].isdecimal():
            _learn_line(before, None, "", {row[0]: row[1] for row in rows[1:]})


def _learn_of_figures(reader: Reader, stratsys: bytes) -> None:
    """One row a figure: table, row, column, value, of, share."""
    for table, row, column, value, of, share in _figures(stratsys):
        if table.startswith("Placeringar efter boendeform"):
            kind, rows = "form", FORM_ROWS
        elif table.startswith("Privat och egen regi"):
            kind, rows = "regi", REGI_ROWS
        else:
            continue
        own = [
            place
            for place, one in enumerate(reader.units)
            if row in ("Summa", "Alla") or getattr(one, kind) in rows.get(row, ())
        ]
        if column == "Placeringar" and value is not None:
            reader.learn(PLACEMENTS, own, value, value)
        elif column == "Svarsfrekvens" and value is not None and of is not None:
            reader.learn(CAME, own, value, value)
            reader.learn(DUE, own, of, of)
        elif column == "Svarsfrekvens" and share is not None:
            reader.learn_share(own, round(100 * share))


def _figures(stratsys: bytes) -> list[tuple[str, str, str, int | None, int | None, float | None]]:
    sheet = load_workbook(BytesIO(stratsys))["Nyckeltal"]
    return [tuple(cell.value for cell in row[2:8]) for row in sheet.iter_rows(min_row=2)]  # type: ignore[misc]
