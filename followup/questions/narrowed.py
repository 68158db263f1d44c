"""Which of a list are asked for: one's own, those that are late, those that nobody has, those of a home."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class NarrowedQuestion:
    """Nothing named is all of them; `home` is a unit's or a provider's name."""

    own: bool = False
    late: bool = False
    untaken: bool = False
    home: str = ""

    def written(self) -> dict[str, Any]:
        """As a list's button for what follows carries it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def read(cls, carried: Mapping[str, Any]) -> Self:
        home = carried.get("home")
        flags = {name: carried.get(name) is True for name in ("own", "late", "untaken")}
        return cls(**flags, home=home if isinstance(home, str) else "")

    def is_of(self, *names: str) -> bool:
        """Whether what is at a unit, and its provider, of these names is asked for."""
        return not self.home or self.home in names


ALL = NarrowedQuestion()
