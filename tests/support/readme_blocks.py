"""The parts of the pages that are made from the program: `python -m tests.support.readme_blocks` writes them anew."""

import asyncio
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.demo_month import play
from documents.imports.templates import describe
from texts.catalogue import Texts

README = Path(__file__).parents[2] / "README.md"
DOCS = README.parent / "docs"
PAGES = {"demo": DOCS / "demo.md", "columns": DOCS / "register-files.md"}


def demo() -> str:
    lines: list[str] = []
    with TemporaryDirectory() as directory:
        asyncio.run(play(lines.append, Path(directory)))
    return f"```text\n{chr(10).join(lines).strip()}\n```"


def columns() -> str:
    return describe(Texts("sv").say).strip()


def block(name: str) -> str:
    """What stands in its page between the marks."""
    found = re.search(
        rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", PAGES[name].read_text("utf-8"), re.DOTALL
    )
    assert found is not None, name
    return found.group(1)


def write(name: str, text: str) -> None:
    marked = f"<!-- {name} -->\n{text}\n<!-- /{name} -->"
    old = PAGES[name].read_text("utf-8")
    pattern = rf"<!-- {name} -->\n.*?<!-- /{name} -->"
    PAGES[name].write_text(re.sub(pattern, lambda _: marked, old, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    write("demo", demo())
    write("columns", columns())
