"""The commands that Teams offers as one types: those of the dialogs' own registry, by who may say them where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from dialogs.commands.places import IN_ANY_CHANNEL, IN_TEAMS_CHANNEL
from dialogs.commands.registered import COMMANDS
from dialogs.forms.verbs import Command
from followup.access.access import ACCESS
from followup.people import Role
from texts.catalogue import Texts, capital

ANSWERED_THERE = IN_TEAMS_CHANNEL | IN_ANY_CHANNEL
# The schema's most; whoever wants to see the rest says the first one.
MOST_COMMANDS = 12
FIRST = "help"
# The administrators do their work on the command line, and are offered what all are.
ROLES = (Role.WORKER, Role.MANAGER, Role.QUALITY)


@dataclass(frozen=True)
class Offered:
    """One command, with the roles that may say it."""

    command: Command
    roles: tuple[Role, ...]

    def title(self, say: Texts) -> str:
        return say(f"command.{self.command.name}")

    def description(self, say: Texts) -> str:
        does = say(f"command.{self.command.name}.does")
        if self.roles == ROLES:
            return does
        who = ", ".join(say(f"role.{role}").lower() for role in self.roles)
        return say("package.for", who=capital(who), does=capital(does))


def in_own_chat() -> tuple[Offered, ...]:
    """Those of each role in turn, as help lists them, until there are as many as Teams takes."""
    listed = [
        [one for one in COMMANDS if one.listed and ACCESS.allows(role, one.conversation)] for role in ROLES
    ]
    in_turn = chain.from_iterable(zip_longest(*listed))
    return _offered([_first(), *_reached_by_name(one for one in in_turn if one is not None)])


def in_team() -> tuple[Offered, ...]:
    """Those that the quality team's channel answers, where everybody looks on."""
    return _offered(
        [_first(), *(one for one in COMMANDS if one.listed and one.conversation in ANSWERED_THERE)]
    )


def _first() -> Command:
    return next(one for one in COMMANDS if one.name == FIRST)


def _reached_by_name(commands: Iterator[Command]) -> list[Command]:
    """Without what is told from its namesake by a number alone: in a menu the two look alike."""
    return [one for one in dict.fromkeys(commands) if not one.followed_by]


def _offered(commands: Sequence[Command]) -> tuple[Offered, ...]:
    return tuple(Offered(one, _roles(one)) for one in commands[:MOST_COMMANDS])


def _roles(command: Command) -> tuple[Role, ...]:
    return tuple(role for role in ROLES if ACCESS.allows(role, command.conversation))
