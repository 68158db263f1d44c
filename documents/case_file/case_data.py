"""One child's data as JSON: every row as it is stored, opened, with what its numbers stand for and the log's proof."""

import json
from collections.abc import Mapping
from typing import Any

from services.retention.case_file import CaseFile


def case_data(found: CaseFile, own_names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """`own_names` as in the document."""
    names = found.names
    return {
        "case_reference": found.reference,
        "made_at": found.made_at.isoformat(timespec="seconds"),
        "by": found.by.key,
        "reason": found.reason,
        "log": {"entries": found.proof.entries, "checkpoint": found.proof.line()},
        "earlier_export": None
        if found.before is None
        else {"number": found.before.id, "at": found.before.at.isoformat(timespec="seconds")},
        "new_since_earlier_export": sorted(found.new),
        "people": {str(number): name for number, name in names.people.items()},
        "units": {str(number): {"name": name, "form": form} for number, (name, form) in names.units.items()},
        "months": {str(number): month for number, month in names.months.items()},
        "own_names": dict(own_names or {}),
        "tables": found.tables,
    }


def as_json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
