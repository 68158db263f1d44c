"""What a page answers with, by value: something to be drawn, a deed that is done, or that there is no such thing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from dialogs.turn import Stored
from services.acting import Refused
from workspace.frame.visit import Visit


@dataclass(frozen=True)
class Shown:
    """A template and what fills it; `heading` is the page's title, which never names a child."""

    template: str
    heading: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True)
class DeedDone:
    """The deed is done, and the page that it leads to tells of it; `stored` is None where nothing was stored.

    `as_in_chat` is what a press in the chat would have kept, for what the same drawing of the form sends next.
    """

    stored: Stored | None = None
    as_in_chat: Stored | None = None
    to: str = ""


@dataclass(frozen=True)
class NoSuchPage:
    """There is no such thing, or none that she may know of: the same page for all of them."""


@dataclass(frozen=True)
class ShownAgain:
    """What a form leads to at once, such as itself with what is wrong: read beside the writer, after what it stored."""

    show: Callable[[Visit], "PageAnswer"]


PageAnswer = Shown | DeedDone | NoSuchPage | ShownAgain


def refused(_: Refused) -> NoSuchPage:
    """What a view or a deed refuses, which it has logged."""
    return NoSuchPage()
