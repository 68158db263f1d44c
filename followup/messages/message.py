"""What every message has: its kind, whom it is for, and the topic on which a newer one stands for an older."""

from collections.abc import Callable, Sequence
from dataclasses import Field, dataclass, replace
from typing import Any, ClassVar, Literal, Protocol, Self, TypeVar

from followup.people import Conversation, Role

# What becomes of a message that may never have arrived. `next_list`: the next of the month's lists says the same, and
# where all of them are in doubt the worker is named to her manager. `pressed_again`: who asked for it asks again.
# `said_again`: once more, labelled, with the same number. `tried_again`: until it is taken, as it changes nothing more.
DoubtPolicy = Literal["next_list", "pressed_again", "said_again", "tried_again"]
# What a signed link in a message leads to.
LinkKind = Literal["chart", "report", "selection_protocol", "figures", "rejected_rows"]
WORKERS = frozenset({Role.WORKER})
QUALITY = frozenset({Role.QUALITY})
MANAGERS = frozenset({Role.MANAGER})
ADMINS = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Topic:
    """Messages on one topic stand for each other: the newest says all that the older would have said.

    `about` tells one topic from another of the same name: None where the name is enough.
    """

    name: str
    about: object = None


class Message:
    """One decided message as a value: its fields are what is stored, its text is written when it is sent.

    `kind` is its word in the database and never changes; a person who has got another role than those of `told`
    since it was decided is told nothing, and so is one who by now may not start the conversation in which the same
    is answered. Each kind says in `key` what makes the decision one.
    """

    kind: ClassVar[str]
    told: ClassVar[frozenset[Role]]
    # None where nobody asks for it: it is about the bot itself, or asks for each thing that it shows.
    answered_in: ClassVar[Conversation | None]
    in_doubt: ClassVar[DoubtPolicy]

    @property
    def topic(self) -> Topic | None:
        """None: what a press asked for is asked for again by another press."""
        return Topic(self.kind)

    @property
    def covers(self) -> tuple[Topic, ...]:
        """The topics of the messages that say no more than this one, where it waits beside them."""
        return () if self.topic is None else (self.topic,)

    @property
    def family(self) -> Topic | None:
        """Those of a family that wait to go to one recipient go as one; beside those on one topic, all that says so."""
        return self.topic

    def with_all(self, waiting: Sequence["Message"]) -> Self:
        """This one with what those of its family that wait beside it, itself among them, would have told.

        Most are written anew as they go, and need no more.
        """
        return self


class _OfSeveral(Protocol):
    """A message of one thing, with the `others` of its kind that it tells of too."""

    # As the standard library says what a dataclass is.
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def others(self) -> tuple[Self, ...]: ...


_M = TypeVar("_M", bound=_OfSeveral)


def newest_of_others(kept: _M, waiting: Sequence[object], thing: Callable[[_M], int]) -> tuple[_M, ...]:
    """Of each other thing, by its number, that those of the kind tell of the newest.

    Since the older it may have got another owner, giver or day.
    """
    told = [each for one in waiting if isinstance(one, type(kept)) for each in (*one.others, one)]
    newest = {thing(each): replace(each, others=()) for each in told if thing(each) != thing(kept)}
    return tuple(newest[number] for number in sorted(newest))
