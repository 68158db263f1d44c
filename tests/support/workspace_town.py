"""A small town whose register and a year of history an administrator brings in by the page: six homes, one with few."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert, select, update

from followup.times.month import Month
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.tables import person
from tests.support.builders import Register
from tests.support.builders_register import Cells, example, write_csv

PEOPLE = {
    "anna": ("worker", "Anna Lindqvist"),
    "bilal": ("worker", "Bilal Haddad"),
    "karin": ("quality", "Karin Sjöberg"),
    "kim": ("quality", "Kim Ek"),
    "maria": ("manager", "Maria Öberg"),
    "alva": ("admin", "Alva Nyman"),
}
UNITS = {
    "HVB-01": "Kvarnhumla Norra",
    "HVB-02": "Mossviksro",
    "HVB-03": "Silverlingon Strand",
    "HVB-04": "Hamnplan",
    "STB-01": "Gråala",
    "STB-02": "Havtornsudd",
}
# How many children are placed in each, and how many items the history has of it.
PLACED = dict(zip(UNITS, (5, 4, 4, 3, 3, 2), strict=True))
ITEMS = dict(zip(UNITS, (13, 4, 2, 3, 1, 0), strict=True))
FIRST, LAST = Month(2025, 11), Month(2026, 9)
# So that the files are larger than what a form without files may bring.
LONG = "Trivs bra i skolan och hemma, och har det som vanligt. " * 25


def settle(database: Database) -> None:
    """The people, the units and a contract that ends; who is placed where is in the files."""
    with database.transaction() as tx:
        register = Register(tx)
        maria = register.person("maria", "manager")
        for key, (role, _) in PEOPLE.items():
            if key != "maria":
                register.person(key, role, manager_id=maria if role == "worker" else None)
        for key, (_, name) in PEOPLE.items():
            tx.connection.execute(update(person).where(person.c.key == key).values(name=name))
        for key, name in UNITS.items():
            register.unit(key, form="hvb" if key.startswith("HVB") else "stodboende", name=name)
        first, anna = (
            select(one.c.id).where(one.c.key == key)
            for one, key in ((tables.unit, "HVB-01"), (person, "anna"))
        )
        row = {"key": "A-2025-7", "form": "ramavtal", "law": "lou", "starts": date(2025, 1, 1)}
        ends = {"ends": date(2027, 12, 15), "unit_id": first.scalar_subquery()}
        tx.connection.execute(insert(tables.contract).values(**row, **ends, owner_id=anna.scalar_subquery()))


def write_files(folder: Path) -> list[Path]:
    """Those that she drops on the page."""
    placed = list(_placed())
    return [
        write_csv(folder / "placeringar.csv", placed),
        write_csv(folder / "rapporter.csv", list(_reports(placed))),
        write_csv(folder / "signaler.csv", list(_signals(placed))),
    ]


def _placed() -> Iterator[Cells]:
    number = 0
    for unit, children in PLACED.items():
        for _ in range(children):
            number += 1
            yield example(
                "placeringar",
                {
                    "Aktreferens": f"AKT-25-{number:04d}",
                    "Enhetskod": unit,
                    "Från": "2025-02-01",
                    "Lagrum": "SoL",
                    "Födelsedatum": "2008-05-17",
                    "Ansvarig": "anna" if number % 2 else "bilal",
                    "Alias": "",
                    "Hem": "",
                },
            )


def _reports(placed: list[Cells]) -> Iterator[Cells]:
    month = FIRST
    while month <= LAST:
        sent = month.next.first + timedelta(days=2)
        for one in placed:
            yield example(
                "rapporter",
                {
                    "Månad": str(month),
                    "Aktreferens": one["Aktreferens"],
                    "Enhetskod": one["Enhetskod"],
                    "Inkommen": sent.isoformat(),
                    "Rapporterad av": one["Ansvarig"],
                    "Utförarens rapport datum": month.last.isoformat(),
                    "Besök": month.first.isoformat(),
                    "Enskilt samtal": month.first.isoformat(),
                    "Samtal med boendet": month.first.isoformat(),
                    "Samtal med vårdnadshavare": month.first.isoformat(),
                    "Fritext": LONG,
                },
            )
        month = month.next


def _signals(placed: list[Cells]) -> Iterator[Cells]:
    first_of = {one["Enhetskod"]: one["Aktreferens"] for one in reversed(placed)}
    number = 0
    for unit, items in ITEMS.items():
        for item in range(items):
            number += 1
            day = date(2026, 9, 20) - timedelta(days=23 * item)
            yield example(
                "signaler",
                {
                    "Signalnummer": f"S-{number:03d}",
                    "Typ": ("avvikelse", "klagomål")[item % 2],
                    "Enhetskod": unit,
                    "Aktreferens": first_of[unit],
                    "Händelsedatum": day.isoformat(),
                    "Registrerad": (day + timedelta(days=2)).isoformat(),
                    "Konsekvens": str(1 + item % 3),
                    "Situation": "",
                    "Text": "Personalen byttes två gånger på en vecka.",
                },
            )
