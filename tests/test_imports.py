"""What may import what: followup's allow-list, the layers against the folders, and the one clock."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PURE_LIBRARIES = {"dateutil", "orjson", "personnummer", "scipy"}
PURE_STANDARD_LIBRARY = {
    "base64",
    "bisect",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "itertools",
    "math",
    "operator",
    "re",
    "types",
    "typing",
    "unicodedata",
    "zlib",
    "zoneinfo",
}
OUTSIDE_WORLD = {
    "asyncio",
    "http",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "threading",
    "time",
    "urllib",
}
READS_THE_CLOCK = re.compile(
    r"datetime\.(?:now|utcnow|today)\(|date\.today\(|\btime\.time\(|noqa:[^#]*TID251"
)
MAKES_THE_CLOCK = {"bot/app.py", "bot/clock.py"}


def folders() -> set[str]:
    """The packages at the top: folders with an `__init__.py`, but for the tests."""
    return {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}


def project(*names: str) -> Any:
    found: Any = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for name in names:
        found = found[name]
    return found


def layers() -> list[str]:
    contract = next(one for one in project("tool", "importlinter", "contracts") if one["type"] == "layers")
    return [package.strip() for layer in contract["layers"] for package in layer.split("|")]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*sorted(folders()), include_external_packages=True, cache_dir=None)


def test_followup_imports_only_what_is_pure(graph: grimp.ImportGraph) -> None:
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for module in {"followup", *graph.find_descendants("followup")}:
        for imported in graph.find_modules_directly_imported_by(module):
            importers[imported.partition(".")[0]].add(module)
    allowed = {"followup"} | PURE_LIBRARIES | PURE_STANDARD_LIBRARY
    assert {name: by for name, by in importers.items() if name not in allowed} == {}


def test_the_allow_list_names_nothing_of_the_outside_world_and_nothing_unused(
    graph: grimp.ImportGraph,
) -> None:
    allowed = PURE_LIBRARIES | PURE_STANDARD_LIBRARY
    assert allowed & OUTSIDE_WORLD == set()
    assert allowed <= {
        imported
        for module in graph.find_descendants("followup")
        for imported in graph.find_modules_directly_imported_by(module)
    }


def test_the_layers_are_the_folders_that_exist() -> None:
    assert len(layers()) == len(set(layers()))
    assert set(layers()) == folders()


def test_every_tool_is_told_of_the_same_packages() -> None:
    assert set(project("tool", "importlinter", "root_packages")) == folders()
    assert set(project("tool", "mypy", "packages")) == folders() | {"tests"}
    assert {name.partition(".")[0] for name in project("tool", "setuptools", "packages")} == folders()


def test_every_package_is_installed() -> None:
    inner = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for folder in folders()
        for path in (ROOT / folder).rglob("__init__.py")
    }
    assert inner <= set(project("tool", "setuptools", "packages"))


def test_only_the_bot_makes_a_clock() -> None:
    reads = {
        path.relative_to(ROOT).as_posix()
        for folder in folders()
        for path in (ROOT / folder).rglob("*.py")
        if READS_THE_CLOCK.search(path.read_text("utf-8"))
    }
    assert "bot/clock.py" in reads
    assert reads <= MAKES_THE_CLOCK
