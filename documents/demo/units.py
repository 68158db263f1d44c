"""The units of the demo municipality and their contracts; all of them are made up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from documents.demo.people import Row
from documents.demo.providers import org_number
from followup.times.calendar import next_working_day
from followup.times.month import Month

HVB, SUPPORTED, FOSTER, EMERGENCY = (
    "HVB",
    "stödboende",
    "konsulentstött familjehem",
    "konsulentstött jourhem",
)
OWN_FOSTER = "kommunens familjehem"
INSTITUTIONS = (HVB, SUPPORTED)
NEW_UNIT, DORMANT_UNIT, ONE_CHILD_UNIT, SILENT_UNIT = "HVB-09", "HVB-10", "FAM-03", "HVB-06"


@dataclass(frozen=True)
class DemoUnit:
    key: str
    name: str
    form: str
    provider: str
    subtype: str = ""
    director: str = ""
    contract: str = "ramavtal"
    ends_in: int | None = 18

    @property
    def municipal(self) -> bool:
        return self.provider == "vikasa"

    @property
    def followed(self) -> bool:
        return self.form != OWN_FOSTER


# `ends_in` is months to the contract's end: FAM-02's is about to run out, HVB-04's has.
UNITS: tuple[DemoUnit, ...] = (
    DemoUnit("HVB-01", "Mossviksro", HVB, "mossviksro", "behandling", "Greta Holmdahl"),
    DemoUnit("HVB-02", "Silverlingon Strand", HVB, "silverlingon", "behandling", "Niklas Frööjd"),
    DemoUnit("HVB-03", "Kvarnhumla Norra", HVB, "kvarnhumla", "behandling", "Sara Lindros"),
    DemoUnit("HVB-04", "Kvarnhumla Södra", HVB, "kvarnhumla", "utredning", "Per Allard", ends_in=-1),
    DemoUnit("HVB-05", "Silverlingon Åsen", HVB, "silverlingon", "omvårdnad", "Mona Tegner"),
    DemoUnit("HVB-06", "Silverlingon Backe", HVB, "silverlingon", "behandling", "Ulf Rosander"),
    DemoUnit("HVB-07", "Vintertorp", HVB, "vintertorp", "akut", "Leila Amiri", "överenskommelse"),
    DemoUnit("HVB-08", "Hamnplan", HVB, "vikasa", "omvårdnad", "Björn Wall", "egen regi", None),
    DemoUnit("STB-01", "Vintertorps stödboende", SUPPORTED, "vintertorp", "kollektivt", "Eva Ståhlbom"),
    DemoUnit(
        "STB-02",
        "Hamnplans träningslägenheter",
        SUPPORTED,
        "vikasa",
        "träningslägenhet",
        "Björn Wall",
        "egen regi",
        None,
    ),
    DemoUnit("FAM-01", "Tallnäva familjehem", FOSTER, "tallnava", director="Anders Hjelmberg"),
    DemoUnit("FAM-02", "Ljungstigen familjehem", FOSTER, "ljungstigen", director="Disa Morén", ends_in=2),
    DemoUnit("JOU-01", "Tallnäva jourhem", EMERGENCY, "tallnava", director="Anders Hjelmberg"),
    DemoUnit("JOU-02", "Nattlyktan", EMERGENCY, "nattlykta", "", "Rut Ekvall", "direktupphandling", 7),
    DemoUnit(ONE_CHILD_UNIT, "Ljungstigen Öst", FOSTER, "ljungstigen", director="Disa Morén"),
    DemoUnit(NEW_UNIT, "Havtornsudd", HVB, "havtornsudd", "behandling", "Jonna Krook", ends_in=24),
    DemoUnit(DORMANT_UNIT, "Gråala", HVB, "graala", "behandling", "Kent Svahn"),
    DemoUnit("KFH", "Vikåsa kommuns familjehem", OWN_FOSTER, "vikasa", contract="egen regi", ends_in=None),
)
UNIT = {unit.key: unit for unit in UNITS}
_NEVER_FOLLOWED_UP = (NEW_UNIT, ONE_CHILD_UNIT, "JOU-02", "KFH")
_VERDICTS = {"HVB-05": "uppfyller inte", "HVB-02": "uppfyller delvis", "HVB-03": "uppfyller delvis"}


def units(rng: Random, asked: Month) -> Iterator[Row]:
    for unit in UNITS:
        followed_up = _followed_up(rng, unit, asked)
        yield {
            "Enhetskod": unit.key,
            "Enhet": unit.name,
            "Organisationsnummer": org_number(unit.provider),
            "Form": unit.form,
            "Inriktning": unit.subtype,
            "Regi": "egen regi" if unit.municipal else "privat",
            "Föreståndare": unit.director,
            "Senaste uppföljning": followed_up,
            "Resultat": _verdict(unit) if followed_up else "",
        }


def _followed_up(rng: Random, unit: DemoUnit, asked: Month) -> str:
    """Eight months to three years ago; four units have never been followed up, and HVB-05 was when it was bad."""
    if unit.key in _NEVER_FOLLOWED_UP:
        return ""
    month = asked.plus(-14 if unit.key == "HVB-05" else -rng.randint(8, 36))
    return next_working_day(date(month.year, month.number, rng.randint(1, 28))).isoformat()


def _verdict(unit: DemoUnit) -> str:
    return _VERDICTS.get(unit.key, "uppfyller")


def contracts(today: date, asked: Month) -> Iterator[Row]:
    for number, unit in enumerate(UNITS, start=1):
        starts = today.replace(day=1) if unit.key == NEW_UNIT else asked.plus(-40).first
        ends = "" if unit.ends_in is None else asked.plus(unit.ends_in).last.isoformat()
        yield {
            "Avtalsnummer": f"AVT-{number:03d}",
            "Enhetskod": unit.key,
            "Avtalsform": unit.contract,
            "Rättslig grund": _law(unit),
            "Från": starts.isoformat(),
            "Till": ends,
        }


def _law(unit: DemoUnit) -> str:
    if unit.municipal:
        return "egen regi"
    return "LOV" if unit.form == SUPPORTED else "LOU"
