"""One name for one thing: every class of followup has its word in the glossary, and no two rooms the same class."""

import ast
import re
from collections import defaultdict

import pytest

import followup
from tests.support.rooms import ROOT, packages


def public_classes(package: str) -> dict[str, list[str]]:
    """The names of the classes at the top of the package's files, each with where it stands."""
    found = defaultdict[str, list[str]](list)
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(str(file.relative_to(ROOT)))
    return found


def words_of(name: str) -> str:
    """FollowUp is follow up, between blanks."""
    return " " + " ".join(re.findall(r"[A-Z][a-z]*", name)).lower() + " "


def glossary() -> set[str]:
    """Every word, and every run of up to three of them, of what stands in it."""
    plain = re.findall(
        r"[a-zåäö]+|[·,()/]", (followup.__doc__ or "").partition("Glossary")[2].replace("-", " ").lower()
    )
    return {" ".join(plain[at : at + length]) for at in range(len(plain)) for length in (1, 2, 3)}


def has_word(name: str, known: set[str]) -> bool:
    plain = words_of(name).split()
    runs = {" ".join(plain[at:end]) for at in range(len(plain)) for end in range(at + 1, len(plain) + 1)}
    return bool(runs & known)


def test_every_class_of_followup_has_its_word_in_the_glossary() -> None:
    known = glossary()
    assert [name for name in public_classes("followup") if not has_word(name, known)] == []


@pytest.mark.parametrize("name", ["Thing", "StandingDoer", "Helper"])
def test_a_class_without_a_word_is_found(name: str) -> None:
    assert not has_word(name, glossary())


def test_no_two_public_classes_have_the_same_name() -> None:
    where = defaultdict[str, list[str]](list)
    for package in packages():
        for name, files in public_classes(package).items():
            where[name] += files
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


# They do not say what they hold (issue 10); a name with one of them beside a noun may.
VAGUE = {
    *("making", "doing", "choosing", "together", "attention", "kept", "under", "called", "handling", "deeds"),
    *("left", "linked", "reviews", "side_by_side", "standing", "utils", "helpers", "manager", "base", "data"),
}


def public_functions(package: str) -> dict[str, list[str]]:
    """The functions at the top of the package's files, each with where it stands."""
    found = defaultdict[str, list[str]](list)
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                found[node.name].append(str(file.relative_to(ROOT)))
    return found


@pytest.mark.parametrize("package", packages())
def test_no_module_and_no_public_function_has_a_name_that_does_not_say_what_it_holds(package: str) -> None:
    modules = {file.stem: str(file.relative_to(ROOT)) for file in (ROOT / package).rglob("*.py")}
    assert {name: where for name, where in modules.items() if name in VAGUE} == {}
    assert {name: where for name, where in public_functions(package).items() if name in VAGUE} == {}
