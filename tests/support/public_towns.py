"""Towns made up for the public report: units with placements, reports and answers, as facts without any database."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from followup import PlacementId, UnitId
from followup.figures.period import Period, period_of
from followup.figures.year_facts import Asked, YearFacts, YearPlacement
from followup.provider import Unit
from tests.support.builders import at

MADE_AT = at("2026-10-12 09:00")
FORMS = ("hvb", "stodboende", "konsulentstott_familjehem", "konsulentstott_jourhem")
ANSWERS = {"feels_safe": "yes", "spoken_alone": "yes", "provider_report": "arrived", "knows_plan": "yes"}


@dataclass(frozen=True)
class Home:
    """A unit with so many children, each with one placement and reports due for some months."""

    children: int
    form: str = "hvb"
    ownership: str = "private"
    provider: str = ""
    contract: str = ""


def year_of(year: int = 2026) -> Period:
    return period_of(year, date(year, 9, 15), date(year, 10, 12))


def town(*homes: Home, seed: int = 0, year: int = 2026, made_at: datetime = MADE_AT) -> YearFacts:
    """Some reports are missing; every home is listed by a name of its own."""
    period = year_of(year)
    units: list[Unit] = []
    stays: list[YearPlacement] = []
    asked: list[Asked] = []
    for place, home in enumerate(homes, 1):
        provider = home.provider or f"Utförare {place}"
        units.append(
            Unit(
                UnitId(place), f"E{place:02}", f"Hem {place:02}", home.form, None, home.ownership, 1, provider
            )
        )
        for number in range(home.children):
            # Of its own, so that a child more changes nothing of the others.
            dice = Random(f"{seed}:{place}:{number}")
            child = f"AKT-{place}-{number}"
            born = date(2026 - dice.randint(8, 20), 1, 1)
            drawn = dice.choice(["framework", "agreement"])
            contract = "in_house" if home.ownership == "in_house" else home.contract or drawn
            stays.append(
                YearPlacement(
                    PlacementId(len(stays) + 1), child, UnitId(place), period.starts, None, born, contract, {}
                )
            )
            for month in period.months[: dice.randint(1, 12)]:
                came = made_at if dice.random() < 0.8 else None
                asked.append(
                    Asked(month, UnitId(place), child, "A", made_at, came, ANSWERS if came else {}, False)
                )
    return YearFacts(period, made_at, tuple(units), (), tuple(stays), tuple(asked), (), (), ())


def any_town(seed: int) -> YearFacts:
    return town(*homes_of(seed), seed=seed)


def homes_of(seed: int) -> list[Home]:
    """1 to 40 units with 0 to 6 placements each, of a few providers, forms and owners."""
    dice = Random(seed)
    providers = [f"Utförare {letter}" for letter in "ABCDEFGHIJKL"]
    homes = []
    for _ in range(dice.randint(1, 40)):
        own = dice.random() < 0.15
        homes.append(
            Home(
                children=dice.choice([0, 1, 1, 2, 2, 3, 4, 5, 6]),
                form=dice.choices(FORMS, [5, 3, 2, 1])[0],
                ownership="in_house" if own else "private",
                provider="Kommunen" if own else dice.choice(providers),
            )
        )
    return homes
