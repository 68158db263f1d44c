"""The rooms of each package and the arrows between them, counted from the imports: `python -m tests.support.rooms`."""

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Plan:
    """A package's rooms, which are its folders and the files beside them, each with the rooms it imports from."""

    rooms: Mapping[str, frozenset[str]]

    @property
    def arrows(self) -> int:
        return sum(len(targets) for targets in self.rooms.values())

    def from_below(self) -> list[str]:
        """The rooms, each after all that it imports from; raises CycleError where two need each other."""
        return list(TopologicalSorter(self.rooms).static_order())


def packages() -> list[str]:
    """The packages at the top, but for the tests and the bench."""
    return sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"})


def plan(graph: grimp.ImportGraph, package: str) -> Plan:
    rooms: dict[str, set[str]] = {_room(child): set() for child in graph.find_children(package)}
    for module in graph.find_descendants(package):
        for imported in graph.find_modules_directly_imported_by(module):
            if imported.startswith(f"{package}.") and _room(imported) != _room(module):
                rooms[_room(module)].add(_room(imported))
    return Plan({room: frozenset(targets) for room, targets in rooms.items()})


def _room(module: str) -> str:
    return module.split(".")[1]


def main() -> None:
    graph = grimp.build_graph(*packages(), cache_dir=None)
    for package in packages():
        counted = plan(graph, package)
        print(f"{package}: {len(counted.rooms)} rooms, {counted.arrows} arrows")  # noqa: T201
        for room in counted.from_below():
            print(f"    {room} -> {' '.join(sorted(counted.rooms[room])) or '-'}")  # noqa: T201


if __name__ == "__main__":
    main()
