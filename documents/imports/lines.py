"""Lines of a file before anything is known of what they mean, and why a file could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from followup.wording.wording import Wording, wording

# What a spreadsheet's cell was besides its text.
Odd = Literal["number", "rounded", "date", "error", "uncalculated"]


@dataclass(frozen=True, slots=True)
class Line:
    """The texts from the first column on, numbered as a spreadsheet numbers rows; `odd` is by place."""

    number: int
    texts: tuple[str, ...]
    odd: Mapping[int, Odd] = field(default_factory=dict)


class UnreadableFileError(Exception):
    def __init__(self, what: Wording) -> None:
        super().__init__(what.id)
        self.what = what


def unreadable(reason: str, error: Exception | None = None) -> UnreadableFileError:
    """With the kind of the exception for whoever looks into it, and never its text, which may repeat a cell."""
    why = wording(f"import.unreadable.{reason}", kind=type(error).__name__)
    return UnreadableFileError(wording("import.file.unreadable", why=why))
