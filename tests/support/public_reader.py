"""Who reads the public documents and solves them: a number for every unit, from the files alone and nothing else.

Written without the product's counting. What is printed as a sum is an equation, a size is two limits, and that a unit
is listed says that it had a placement.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import docx
import numpy as np
from docx.table import Table
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


@dataclass
class Listed:
    name: str
    provider: str
    form: str
    regi: str


@dataclass
class Reader:
    """The units and the conditions on their placements, collected from the documents."""

    units: list[Listed] = field(default_factory=list)
    conditions: list[tuple[list[int], float, float]] = field(default_factory=list)

    def learn(self, units: Iterable[int], lowest: float, highest: float) -> None:
        self.conditions.append((list(units), lowest, highest))

    def spread(self, unit: int) -> tuple[int, int]:
        """The fewest and the most placements that the unit can have."""
        matrix = np.zeros((len(self.conditions), len(self.units)))
        for row, (units, _, _) in enumerate(self.conditions):
            matrix[row, units] = 1
        lows = [lowest for _, lowest, _ in self.conditions]
        highs = [highest for *_, highest in self.conditions]
        found = []
        for sign in (1, -1):
            aim = np.zeros(len(self.units))
            aim[unit] = sign
            solved = milp(
                aim,
                integrality=np.ones(len(self.units), int),
                bounds=Bounds(1, 1000),
                constraints=[LinearConstraint(matrix, lows, highs)] if self.conditions else [],
            )
            assert solved.status == 0, "What is printed does not add up."
            found.append(round(sign * solved.fun))
        return found[0], found[1]


def tables(content: bytes) -> list[list[list[str]]]:
    return [_rows(one) for one in docx.Document(BytesIO(content)).tables]


def _rows(one: Table) -> list[list[str]]:
    return [[cell.text.split("\n")[0].replace("\u00a0", " ") for cell in row.cells] for row in one.rows]


def number(text: str) -> int | None:
    found = re.match(r"(\d[\d ]*)", text)
    return int(found[1].replace(" ", "")) if found and "%" not in text else None


def read_together(report: bytes, annex: bytes) -> Reader:
    """What both say, of the units that are listed."""
    reader, found = Reader(), tables(report)
    for rows in found:
        if rows[0][0] == "Enhet" and "Regi" in rows[0]:
            reader.units = [Listed(*row[:4]) for row in rows[1:]]
    for rows in found:
        _learn_by_form(reader, rows)
        _learn_by_regi(reader, rows)
        _learn_by_contract(reader, rows)
    for rows in tables(annex):
        _learn_of_providers(reader, rows)
    return reader


def _column(rows: Sequence[Sequence[str]], name: str) -> int | None:
    return next((place for place, head in enumerate(rows[0]) if head == name), None)


def _learn_by_form(reader: Reader, rows: list[list[str]]) -> None:
    place = _column(rows, "Placeringar")
    if rows[0][0] != "Boendeform" or place is None:
        return
    for row in rows[1:]:
        value = number(row[place])
        if value is not None:
            of = FORM_ROWS.get(row[0])
            reader.learn(
                [n for n, one in enumerate(reader.units) if of is None or one.form in of], value, value
            )


def _learn_by_regi(reader: Reader, rows: list[list[str]]) -> None:
    line = next((row for row in rows if row[0] == "Placeringar"), None)
    if rows[0][0] != "Mått" or line is None or "Alla" not in rows[0]:
        return
    for head, text in zip(rows[0][1:], line[1:], strict=True):
        value, of = number(text), REGI_ROWS.get(head)
        if value is not None:
            reader.learn(
                [n for n, one in enumerate(reader.units) if of is None or one.regi in of], value, value
            )


def _learn_by_contract(reader: Reader, rows: list[list[str]]) -> None:
    """The own regi's placements have its own form of contract."""
    for row in rows[1:] if rows[0][0] == "Avtalsform" and len(rows[0]) == 2 else []:
        told = re.search(r"\((\d+) av (\d+)\)", row[1])
        if told and row[0] == "Egen regi":
            own = [n for n, one in enumerate(reader.units) if one.regi == "Egen regi"]
            reader.learn(own, int(told[1]), int(told[1]))


def _learn_of_providers(reader: Reader, rows: list[list[str]]) -> None:
    place = _column(rows, "Placeringar")
    if rows[0][0] != "Privat utförare" or place is None:
        return
    for row in rows[1:]:
        own = [n for n, one in enumerate(reader.units) if one.regi == "Privat" and one.provider == row[0]]
        size = re.fullmatch(r"(\d+)(?:–(\d+)| eller fler)", row[place])
        if size:
            reader.learn(own, int(size[1]), float(size[2] or 1000))
        elif row[0] == "Summa" and (value := number(row[place])) is not None:
            reader.learn([n for n, one in enumerate(reader.units) if one.regi == "Privat"], value, value)
