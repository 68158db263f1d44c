"""Units by their names, which are open to all: as they are listed, and as they are typed, spelled anyhow."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, utils

from followup import UnitId
from followup.provider import Unit
from services.acting import Reader
from services.named import MOST_OFFERED
from storage.register import units
from storage.register.units import NamesByKey

EXACT, GOOD_MATCH, POSSIBLE_MATCH = 100, 80, 50
CLEARLY_BETTER = 10


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


def home_names(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Of each followed unit its provider's name and its own."""
    return units.home_names(reader.tx)


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


def offered(reader: Reader) -> Sequence[Unit] | None:
    """The followed units where they can stand in a list to choose from; None of more, which are not read then."""
    if units.are_more(reader.tx, MOST_OFFERED):
        return None
    return units.followed_units(reader.tx)


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
