"""What a lock has opened, joined, and given to whom."""

from dialogs.card import Part, Text
from dialogs.turn import Turn
from services.follow_ups.selected_units import OpenedFollowUps
from services.views.people import names_of


def opened_parts(turn: Turn, done: OpenedFollowUps) -> list[Part]:
    """How many were opened and joined, and how many of them each of the team has."""
    names = names_of(turn.acting, done.number_by_owner)
    told = [
        turn.say(f"selection.locked.{name}", n=len(which))
        for name, which in (("opened", done.opened), ("joined", done.joined))
        if which
    ]
    for owner, n in sorted(done.number_by_owner.items(), key=lambda one: names[one[0]]):
        told.append(turn.say("selection.locked.owner", n=n, name=names[owner]))
    return [Text(one, "good") for one in told]
