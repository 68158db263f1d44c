"""Who stands in for a worker, as she and her manager both read it: by leave, and by the register."""

from collections.abc import Sequence

from dialogs.card import ListRow, Part, Text
from followup.people import Leave
from services.views.stand_ins import NamedStandIn, StandIns
from texts.catalogue import Texts


def leave_parts(found: StandIns, say: Texts) -> list[Part]:
    rows = [Text(_leave(away, asked, say)) for away, asked in found.leaves]
    return [Text(say("stand_ins.leaves"), "heading"), *(rows or [Text(say("leave.none"), "subtle")])]


def _leave(away: Leave, asked: NamedStandIn | None, say: Texts) -> str:
    """Whether she can, where she has not said that she will not."""
    days = {"starts": away.starts, "ends": away.ends}
    if asked is None:
        return say("stand_ins.leave_nobody", **days)
    answers = {"yes": "stand_ins.said_yes", "no": "stand_ins.said_no", None: "stand_ins.not_answered"}
    said = say(answers[away.answer], **days, name=asked.name)
    return said if away.stand_in is None else f"{said} {state_of(asked, say)}".rstrip()


def register_parts(found: StandIns, rows: Sequence[Part], say: Texts, about: str) -> list[Part]:
    """The `rows` are of those that are shown each for itself; then of the others how many, and of all who has none."""
    title = Text(say("stand_ins.register"), "heading")
    if not found.placements:
        return [title, Text(say("stand_ins.no_placements"), "subtle")]
    told = [*rows, *(_counted(by, number, say) for by, number in found.counted.items())]
    without = say("stand_ins.without", n=found.without, all=found.placements) if found.without else ""
    rest = [Text(without, "subtle")] if without else []
    return [title, *([Text(about)] if told else []), *told, *rest]


def _counted(by: NamedStandIn, number: int, say: Texts) -> Part:
    return ListRow(by.name, say("stand_ins.number", n=number), note=state_of(by, say))


def state_of(one: NamedStandIn, say: Texts) -> str:
    if one.gone:
        return say("stand_ins.gone")
    return say("stand_ins.away", day=one.away_until) if one.away_until else ""
