"""The entries of the table of pages: where each is, what it is about, and what answers."""

from collections.abc import Callable
from dataclasses import dataclass

from followup.people import Conversation, Role
from workspace.frame.answer import PageAnswer
from workspace.frame.visit import Visit

ROOT = "/arbete"
PageAnswers = Callable[[Visit], PageAnswer]


@dataclass(frozen=True)
class PageOf:
    """A page that is read. `path` is under ROOT; `reads_much` where it is read beside the writer.

    `tab` is the text of its place in the navigation, and `home` whose first page it is.
    """

    path: str
    conversation: Conversation
    show: PageAnswers
    reads_much: bool = False
    tab: str = ""
    home: Role | None = None


@dataclass(frozen=True)
class LongWork:
    """What takes long, of what has been read: done outside any transaction, one at a time, before the deed."""

    make: Callable[[], object]


@dataclass(frozen=True)
class DeedOf:
    """What a form does; the page that it leads to is named as the address is, and tells of what was stored.

    `takes_bytes` is how much its form may bring, where it brings files; `before` is what is read beside the writer
    before it is done, where that is much, or the long work that is made of it.
    """

    path: str
    conversation: Conversation
    do: PageAnswers
    then: str
    takes_bytes: int = 0
    before: Callable[[Visit], object] | None = None


Entry = PageOf | DeedOf
