"""The placements of the demo municipality as rows of the file, with what the case file holds about each."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from documents.demo.people import Row, colleague_of
from documents.demo.placements import DemoPlacement
from documents.demo.units import UNIT
from followup.placement import age_on

_ALIASES = ("Räven", "Tallen", "Lärkan", "Uttern", "Havre", "Kompassen", "Björken", "Måsen")


def placement_rows(rng: Random, made: list[DemoPlacement], today: date) -> Iterator[Row]:
    for index, stay in enumerate(made):
        yield {
            "Aktreferens": stay.case,
            "Enhetskod": stay.unit,
            "Från": stay.starts.isoformat(),
            "Till": stay.ends.isoformat() if stay.ends else "",
            "Avslutsorsak": stay.why,
            **_law(rng, stay, today),
            **_responsible(rng, stay),
            "Födelsedatum": stay.born.isoformat(),
            "Alias": _ALIASES[index // 3 % len(_ALIASES)] if index % 3 == 0 else "",
            "Större behov sedan": _needs(rng, stay, today),
            **_contract(rng, stay),
            **_plan(rng, stay, today, "Vårdplan", 0.92, 330),
            **_plan(rng, stay, today, "Genomförandeplan", 0.9, 160),
            **_review(index, stay, today),
        }


def _law(rng: Random, stay: DemoPlacement, today: date) -> Row:
    """Care under LVU 2 § ends at 18 (law-and-facts F7)."""
    of_age = age_on(stay.born, stay.ends or today) >= 18
    grounds = ("SoL", "SoL", "LVU 3 §") if of_age else ("SoL", "SoL", "SoL", "LVU 2 §", "LVU 3 §")
    ground = "SoL" if stay.story else rng.choice(grounds)
    return {"Lagrum": ground, "Verkställd": stay.starts.isoformat()}


def _responsible(rng: Random, stay: DemoPlacement) -> Row:
    substitute = colleague_of(stay.worker) if rng.random() < 0.4 and stay.story != "no_worker" else ""
    return {"Ansvarig": stay.worker, "Ersättare": substitute, "Ansvarig från": stay.starts.isoformat()}


def _review(index: int, stay: DemoPlacement, today: date) -> Row:
    """The last one was held within half a year, now and then longer ago; none yet of who has just been placed."""
    held = min(stay.ends or today, today) - timedelta(days=37 * index % 200 + 1)
    if held <= stay.starts:
        return {"Senaste övervägande": "", "Beslutat av": ""}
    return {"Senaste övervägande": held.isoformat(), "Beslutat av": "Sociala utskottet"}


def _needs(rng: Random, stay: DemoPlacement, today: date) -> str:
    if rng.random() > 0.12:
        return ""
    return min(stay.starts + timedelta(days=rng.randint(14, 90)), stay.ends or today, today).isoformat()


def _contract(rng: Random, stay: DemoPlacement) -> Row:
    form = UNIT[stay.unit].contract
    outside = form == "ramavtal" and rng.random() < 0.08
    own = form == "egen regi"
    return {
        "Avtalsform": "direktupphandling" if outside else form,
        "Avsteg dokumenterat": rng.choice(("ja", "nej")) if outside else "",
        "Avropsavtal": "ej aktuellt" if own else _on_file(rng, 0.8),
        "Individuellt avtal": "ej aktuellt" if own else _on_file(rng, 0.85),
    }


def _on_file(rng: Random, share: float) -> str:
    return "finns" if rng.random() < share else "saknas"


def _plan(rng: Random, stay: DemoPlacement, today: date, name: str, share: float, valid_days: int) -> Row:
    """Made within two months of the start and renewed since, now and then too late."""
    made = stay.starts + timedelta(days=rng.randint(5, 60))
    until = min(stay.ends or today, today)
    late = rng.randint(0, 40) if rng.random() < 0.15 else 0
    while made + timedelta(days=valid_days + late) <= until:
        made += timedelta(days=valid_days)
    if made > until or rng.random() > share:
        return {name: "saknas", f"{name} datum": "", f"{name} nästa": ""}
    review = made + timedelta(days=valid_days + 20)
    return {name: "finns", f"{name} datum": made.isoformat(), f"{name} nästa": review.isoformat()}
