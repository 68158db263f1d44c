"""A manager's clocks: overdue and near by team, what her people recorded, contracts, and the year's list."""

from collections.abc import Iterator, Sequence
from datetime import date

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.clocks.clock_rows import contract_rows
from dialogs.forms.lists import page_of
from dialogs.turn import Turn
from followup.access.targets import AgainstTarget
from followup.messages.clocks import YearlyList
from followup.provider import EndingContract
from followup.wording.law import paragraph
from services.month.missing_reports import NOBODY
from services.views.clocks import CrowdedHome, ManagersClocks, Recorded, TeamClocks
from texts.catalogue import Texts, capital

# What the year asks for, each with its rule of law.
YEARLY = (
    ("foster_home_list", "foster_home_list_to_ivo"),
    ("more_than_three", "more_than_three_to_ivo"),
    ("serious_events", "serious_event_in_home"),
)


def team_card(turn: Turn, found: ManagersClocks, receipt: Sequence[Part]) -> Card:
    """What is long a page at a time: what her people recorded, contracts, homes; the rest stands on the first."""
    say, rows = turn.say, [*_known(found), *found.contracts, *found.crowded]
    page, more = page_of(turn, rows, "clocks")
    recorded = [one for one in page if isinstance(one, Recorded)]
    contracts = [one for one in page if isinstance(one, EndingContract)]
    crowded = [one for one in page if isinstance(one, CrowdedHome)]
    begins = not rows or page[0] is rows[0]
    parts: list[Part] = [
        Text(say("clocks.teams"), "title"),
        *receipt,
        Text(say("clocks.as_of", day=found.day), "subtle"),
        *(team_parts(found, say) if begins else []),
        *_unseen(recorded, found, say),
        *contract_rows(contracts, found.day, say),
        *(Text(say("clocks.crowded", unit=one.unit_name, n=one.children), "warning") for one in crowded),
        *([Text(say("clocks.yearly"), "heading"), *_yearly(found.day, say)] if begins else []),
    ]
    ids = [one.done.id for one in recorded]
    seen = (Button(say("clocks.see", n=len(ids)), "clocks_seen", {"done": ids}),) if ids else ()
    return Card(say("clocks.teams"), tuple(parts), (*seen, *more, *nobodys_button(found, say)))


def nobodys_button(found: ManagersClocks, say: Texts) -> tuple[Button, ...]:
    """They are handed over from where they are told of."""
    button = Button(say("hand_over.nobodys"), "reassign_form", {"from": NOBODY})
    return (button,) if found.nobodys else ()


def team_parts(found: ManagersClocks, say: Texts) -> list[Part]:
    """A row a team, and what nobody answers for."""
    rows: list[Part] = [_team(one, found, say) for one in found.teams]
    nobodys = [Text(say("clocks.nobodys", n=found.nobodys), "warning")] if found.nobodys else []
    return [*nobodys, *(rows or [Text(say("clocks.no_placements"), "subtle")])]


def _team(one: TeamClocks, found: ManagersClocks, say: Texts) -> ListRow:
    words = sorted((say.say(found.clocks[code].said("clock")), n) for code, n in one.late.items())
    late = ", ".join(f"{word} {n}" for word, n in words)
    return ListRow(
        one.team or say("overdue.no_team"),
        say("clocks.team", n=one.late_now, all=one.placements, soon=one.soon),
        note=" ".join(
            [
                *([f"{capital(late)}."] if late else []),
                say("clocks.before", n=one.late_before, day=found.before),
                *_in_year(one, found, say),
            ]
        ),
    )


def _in_year(one: TeamClocks, found: ManagersClocks, say: Texts) -> Iterator[str]:
    """How many were done in time, beside the target, and how many it cannot be told of."""
    days = {"first": found.year_from, "last": found.year_to}
    if one.due_in_year:
        yield say("clocks.in_time", done=one.in_time, n=one.due_in_year, **days)
        if found.target:
            against = AgainstTarget("clocks", one.in_time, one.due_in_year, found.target)
            yield say("target.reached" if against.is_reached else "target.not_reached", target=found.target)
    elif not one.untold:
        yield say("clocks.none_due", **days)
    if one.untold:
        yield say("target.untold", n=one.untold)


def _known(found: ManagersClocks) -> list[Recorded]:
    return [one for one in found.unseen if one.done.clock in found.clocks]


def _unseen(recorded: Sequence[Recorded], found: ManagersClocks, say: Texts) -> list[Part]:
    """Who recorded what, and no child."""
    rows: list[Part] = [
        ListRow(
            one.by,
            say("clocks.recorded", clock=found.clocks[one.done.clock].said("clock"), day=one.done.done_on)
            + (f" {one.done.body}." if one.done.body else ""),
        )
        for one in recorded
    ]
    return [Text(say("clocks.unseen"), "heading"), *rows] if rows else []


def yearly_card(message: YearlyList, today: date, say: Texts) -> Card | None:
    """Of this year alone."""
    if today.year != message.year:
        return None
    title = say("clocks.yearly.title", year=message.year)
    parts = (Text(title, "title"), *_yearly(today, say), Text(say("clocks.yearly.see"), "subtle"))
    return Card(title, parts, (Button(say("clocks.open"), "clocks"),))


def _yearly(day: date, say: Texts) -> list[Part]:
    rows = [
        Text(say(f"clocks.yearly.{name}", cited=cited))
        for name, rule in YEARLY
        if (cited := paragraph(rule, day))
    ]
    return [*rows, Text(say("clocks.yearly.annex"))]
