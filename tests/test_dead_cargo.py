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


# The one module or the other is chosen when it runs: by a command's subject, or by the database's name.
CHOSEN = ("bot.commands.", "storage.engine.postgresql", "storage.engine.sqlite")


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def asked_for(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name that the module uses, with the module that it is of: its own, or one that it imports."""
    named: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
            yield from ((node.module or "", one.name) for one in node.names)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield module, node.id
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield named.get(node.value.id, ""), node.attr


def at_its_top(tree: ast.Module) -> Iterator[str]:
    """Its functions, and the names with an underscore that nobody else may use."""
    yield from (one.name for one in callable_by_name(tree) if one in tree.body)
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        names = [one.id for one in targets if isinstance(one, ast.Name)]
        yield from (name for name in names if name.startswith("_") and not name.startswith("__"))


def test_everything_at_a_modules_top_is_asked_for_by_the_program_as_that_modules() -> None:
    """One of the same name in another module is another."""
    trees = {module_of(file): ast.parse(file.read_text()) for file in sources()}
    asked = {one for module, tree in trees.items() for one in asked_for(module, tree)}
    defined = {(module, name) for module, tree in trees.items() for name in at_its_top(tree)}
    assert {one for one in defined - asked if not one[0].startswith(("bench", *CHOSEN))} == set()


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
