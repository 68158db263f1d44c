"""Nothing is carried that nobody uses: what only tests call, and dependencies that no code imports."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.support.rooms import ROOT, packages

Defined = ast.FunctionDef | ast.AsyncFunctionDef
WORD = re.compile(r"\w+")
# Read by the standard library's zoneinfo where the system has no time zones of its own.
DATA_ONLY = {"tzdata"}


def sources() -> list[Path]:
    places = [*packages(), "bench"]
    return [
        file for place in places for file in (ROOT / place).rglob("*.py") if "migrations" not in file.parts
    ]


def callable_by_name(tree: ast.Module) -> Iterator[Defined]:
    """Functions and methods without a decorator, which may call them, and outside classes that another decides on."""
    for node in tree.body:
        if isinstance(node, Defined) and not node.decorator_list:
            yield node
        if isinstance(node, ast.ClassDef) and not node.bases:
            methods = (one for one in node.body if isinstance(one, Defined) and not one.decorator_list)
            yield from (one for one in methods if not one.name.startswith("__"))


def test_every_function_is_used_by_more_than_tests() -> None:
    files = sources()
    texts = {file: file.read_text() for file in files}
    named = Counter(word for text in texts.values() for word in WORD.findall(text))
    defined = {
        one.name
        for file in files
        if ROOT / "bench" not in file.parents
        for one in callable_by_name(ast.parse(texts[file]))
    }
    assert {name for name in defined if named[name] == 1} == set()


def imported(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    parts = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in plain | parts}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~! ]", name)[0]).lower()


def test_every_dependency_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {normal(name) for name in project["dependencies"]} - DATA_ONLY
    files = [file for package in packages() for file in (ROOT / package).rglob("*.py")]
    modules = {name for file in files for name in imported(file)}
    offered = packages_distributions()
    assert wanted <= {normal(name) for module in modules for name in offered.get(module, ())}
