"""Which of a list are asked for: one's own, those that are late, those that nobody has, those of a home or several."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class NarrowedQuestion:
    """Nothing named is all of them; `homes` are the names of units and providers, any of which is asked for."""

    own: bool = False
    late: bool = False
    untaken: bool = False
    homes: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """As a list's button for what follows carries it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def read(cls, carried: Mapping[str, Any]) -> Self:
        # A card from before names one.
        homes = carried.get("homes") or [carried.get("home")]
        flags = {name: carried.get(name) is True for name in ("own", "late", "untaken")}
        named = homes if isinstance(homes, list | tuple) else ()
        return cls(**flags, homes=tuple(one for one in named if isinstance(one, str)))

    def is_of(self, *names: str) -> bool:
        """Whether what is at a unit, and its provider, of these names is asked for."""
        return not self.homes or any(one in names for one in self.homes)


ALL = NarrowedQuestion()
