"""What stands in a registerutdrag said in words: no code of the program's, and no sign that only machines read."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from followup.log.subject import Subject
from services.retention.extract import LoggedRow
from texts.catalogue import Texts

# What the program alone can use; the file of data beside the document has it.
TECHNICAL = frozenset(
    {
        *("payload", "owner", "reason", "refused_why", "secret_sha256", "channel", "service_url"),
        *("conversation_id", "activity_id", "figure", "theme", "followed", "way", "tenant"),
    }
)
# The columns by how their values are said: by a text of the family, or else as they stand.
_FAMILIES: Mapping[str, str] = {
    "role": "role.{}",
    "language": "extract.language.{}",
    "state": "extract.state.{}",
    "answer": "extract.{}",
}
# What an entry of the log says beside its subject, where a person can read it: the version that something became.
_NUMBER = re.compile(r"([A-Z]-)?\d+|\d{4}-Q\d")
_VERSION = re.compile(r"version (\d+)")


def field(table: str, name: str, value: Any, say: Texts) -> str:
    """The value of a column; nothing of what is only the program's."""
    if name in TECHNICAL or (table, name) in {("delivery", "key"), ("link", "subject")}:
        return ""
    if isinstance(value, bool):
        return say(f"extract.{'yes' if value else 'no'}")
    if name == "kind":
        return say(f"message.kind.{value}" if table == "delivery" else f"extract.link.{value}")
    if name in ("quiet_days", "weekday"):
        return ", ".join(say(f"digest.weekday.{one}") for one in str(value))
    if name == "subject":
        return thing(Subject.read(value), say)
    return say(_FAMILIES[name].format(value)) if name in _FAMILIES else moment(str(value), say)


def moment(text: str, say: Texts) -> str:
    """A day or a moment as people write it; anything else as it stands."""
    try:
        return say.write(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text))
    except ValueError:
        return text


def thing(subject: Subject, say: Texts) -> str:
    """What it is, and its number where it has one."""
    called = say(f"log.what.{subject.what.name.lower()}")
    numbers = [one for one in subject.id.split(":") if _NUMBER.fullmatch(one)]
    return " ".join([called, *numbers])


def why(one: LoggedRow, say: Texts) -> str:
    """The reason, or by which decision it was deleted."""
    return say("log.redacted", number=one.redacted_by) if one.redacted_by else one.reason


def logged(one: LoggedRow, say: Texts) -> str:
    """What was done with what."""
    said = f"{say(f'log.act.{one.act}')}: {thing(Subject.read(one.subject), say)}"
    version = _VERSION.fullmatch(one.detail)
    return f"{said}, {say('log.version', version=version[1])}" if version else said
