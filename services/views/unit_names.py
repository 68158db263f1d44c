"""Units by their names, which are open to all: as they are listed, and as they are typed, spelled anyhow."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from followup import UnitId
from followup.provider import Unit
from followup.wording.wording import Wording, wording
from services.acting import Reader
from storage.register import units
from storage.register.units import NamesByKey

EXACT, GOOD_MATCH, POSSIBLE_MATCH = 100, 80, 50
CLEARLY_BETTER = 10
CLOSEST = 3


@dataclass(frozen=True)
class ProviderMatch:
    """How well what was typed fits the provider; `unit_id` where it was a unit's name that did."""

    score: float
    provider_id: int
    unit_id: UnitId | None

    @property
    def is_possible(self) -> bool:
        return self.score >= POSSIBLE_MATCH


def followed(reader: Reader) -> Sequence[Unit]:
    return units.followed_units(reader.tx)


def followed_unit(reader: Reader, unit_id: UnitId | None) -> Unit | None:
    """None where the unit is not followed, or none was named."""
    return None if unit_id is None else units.followed_unit(reader.tx, unit_id)


def of_provider(reader: Reader, provider_id: int | None) -> Sequence[Unit]:
    """The provider's followed units; none where none was named."""
    return () if provider_id is None else units.of_provider(reader.tx, provider_id)


def name_of(reader: Reader, unit_id: UnitId) -> str:
    return units.get(reader.tx, unit_id).name


def names_by_key(reader: Reader) -> NamesByKey:
    """Of every unit, also of those that are no longer followed."""
    return NamesByKey(reader.tx)


def unit_named(reader: Reader, typed: str) -> tuple[Unit | None, list[Wording]]:
    """The followed unit with the code or the name, else the names that are most like what was typed."""
    wanted = typed.strip().casefold()
    if not wanted:
        return None, [wording("selection.add.no_unit")]
    known = units.followed_names(reader.tx)
    found = [key for key, name in known.items() if wanted in (key.casefold(), name.casefold())]
    if len(found) == 1:
        return units.by_key(reader.tx, found[0]), []
    names = [f"{known[key]} ({key})" for key in (found or known)]
    near = process.extract(typed, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=CLOSEST)
    return None, [
        wording("selection.add.which", typed=typed.strip(), near=", ".join(name for name, _, _ in near))
    ]


def providers_named(name: str, among: Sequence[Unit]) -> list[ProviderMatch]:
    """Every provider by how well its own or a unit's name fits, best first."""
    best: dict[int, ProviderMatch] = {}
    for unit in among:
        for candidate, unit_id in ((unit.provider_name, None), (unit.name, unit.id)):
            score = fuzz.WRatio(name, candidate, processor=utils.default_process)
            if unit.provider_id not in best or score > best[unit.provider_id].score:
                best[unit.provider_id] = ProviderMatch(score, unit.provider_id, unit_id)
    return sorted(best.values(), key=lambda one: -one.score)


def is_clear(matches: Sequence[ProviderMatch]) -> bool:
    """Whether the first is meant, and no other is nearly as good."""
    if not matches or matches[0].score < GOOD_MATCH:
        return False
    best, *others = matches
    return not others or best.score - others[0].score >= (1 if best.score == EXACT else CLEARLY_BETTER)
