"""`python -m bench.public_report`: how long it takes to find which public tables may stand beside each other."""

import sys
from random import Random
from time import perf_counter

from followup.figures.public_year import public_year
from followup.figures.year_facts import YearFacts
from tests.support.public_towns import FORMS, Home, town

UNITS = (15, 190, 900)
FEW = 5


def town_of(units: int) -> YearFacts:
    """A provider has three units on average."""
    dice = Random(units)
    return town(
        *(
            Home(
                dice.randint(1, 6),
                dice.choices(FORMS, [5, 3, 2, 1])[0],
                provider=f"U{dice.randrange(units // 3)}",
            )
            for _ in range(units)
        )
    )


def main() -> None:
    for units in UNITS:
        facts = town_of(units)
        began = perf_counter()
        found = public_year(facts, FEW)
        took = perf_counter() - began
        steps = {id_: found.tables[id_].step for id_ in ("forms", "ownerships", "private_providers")}
        sys.stdout.write(f"{units} units: {took:.2f} s, {steps}\n")


if __name__ == "__main__":
    main()
