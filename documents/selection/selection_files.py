"""A selection's files: the protocol as a document and as data, and the frame whose hash was published."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from documents.report.packing import DOCX
from documents.report.words import Words
from documents.selection.selection_docx import docx_of
from documents.selection.selection_protocol import SelectionProtocol, protocol_data
from followup.wording.wording import Wording

Part = Literal["document", "data", "frame"]
PARTS: tuple[Part, ...] = ("frame", "data", "document")
ENDINGS = {"document": ".docx", "data": ".json", "frame": "-ram.json"}


@dataclass(frozen=True)
class SelectionFile:
    name: str
    content: bytes
    content_type: str


def selection_file(
    protocol: SelectionProtocol, part: Part, say: Callable[[Wording], str], made_at: datetime
) -> SelectionFile:
    content_type = DOCX if part == "document" else "application/json"
    return SelectionFile(
        f"{protocol.file_name}{ENDINGS[part]}", _content(protocol, part, say, made_at), content_type
    )


def _content(
    protocol: SelectionProtocol, part: Part, say: Callable[[Wording], str], made_at: datetime
) -> bytes:
    if part == "frame":
        return protocol.state.cycle.frame_bytes
    if part == "data":
        return (json.dumps(protocol_data(protocol), ensure_ascii=False, indent=2) + "\n").encode()
    return docx_of(protocol, Words(say), made_at)
