"""A page of a list: which one it is, of how many, and where the others are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from workspace.frame.entry import ROOT
from workspace.frame.visit import PAGE, START


@dataclass(frozen=True)
class ListPage:
    """`path` is where the list is, `kept` what else its address says, such as what is filtered by,
    and `size` how many stand on each page."""

    path: str
    page: int
    total: int
    kept: Mapping[str, str] = field(default_factory=dict)
    size: int = PAGE

    @property
    def number(self) -> int:
        return -(-self.total // self.size)

    @property
    def start(self) -> int:
        """Of the first row; from the beginning where there is no such page, since an empty one would deny them all."""
        return (self.page - 1) * self.size if self.page <= self.number else 0

    def at(self, page: int) -> str:
        return f"{ROOT}{self.path}?{urlencode({**self.kept, START: page})}"
