"""The configuration for Microsoft's Playground against the demo municipality that it plays in."""

import re
from pathlib import Path

from documents.demo.people import people

CONFIGURATION = Path(__file__).parents[1] / "docs" / ".m365agentsplayground.yml"


def test_everyone_in_the_playground_is_in_the_demo_register_under_the_same_name() -> None:
    register = {person["Teams-id"]: person["Namn"] for person in people() if person["Aktiv"] == "ja"}
    text = CONFIGURATION.read_text("utf-8")
    names = re.findall(r"^ +name: (.+)\n +userPrincipleName", text, re.MULTILINE)
    ids = re.findall(r"aadObjectId: (.+)", text)
    assert len(ids) == 6
    assert [register[each] for each in ids] == names
