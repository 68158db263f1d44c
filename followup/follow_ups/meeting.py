"""Two who write in the same step at once: what each has changed, and what stands where only one of them has."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from followup.follow_ups.follow_up import FollowUpStep, questions
from followup.wording.form import Answers, Kind

# Hers as she typed it, what is saved as it is, or what both have written, one after the other.
Choice = Literal["mine", "saved", "both"]
CHOICES: tuple[Choice, ...] = get_args(Choice)


@dataclass(frozen=True)
class Clash:
    """A field that both have changed, each to something else."""

    field: str
    kind: Kind
    mine: str
    saved: str


@dataclass(frozen=True)
class Meeting:
    """`agreed` is what stands where the two do not clash, and `hers` are the fields that she alone has changed."""

    clashes: tuple[Clash, ...]
    agreed: Answers
    hers: tuple[str, ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything of hers that is not saved."""
        return bool(self.clashes or self.hers)

    def settled(self, choice: Choice) -> Answers:
        """What stands by the choice; nothing is left of a text only where the other was chosen."""
        chosen = {one.field: _settled(one, choice) for one in self.clashes}
        return {name: value for name, value in {**self.agreed, **chosen}.items() if value}


def fields_of(step: FollowUpStep) -> dict[str, Kind]:
    """What can be written in the step; the plan also has the owner."""
    owner: dict[str, Kind] = {"owner": "choice"} if step == "plan" else {}
    return {**owner, **{one.id: one.kind for one in questions(step)}}


def meet(
    fields: Mapping[str, Kind], before: Mapping[str, str], mine: Mapping[str, str], saved: Mapping[str, str]
) -> Meeting:
    """`before` is what both began from; what is in none of the fields is nobody's here."""
    agreed: Answers = {}
    clashes: list[Clash] = []
    alone: list[str] = []
    for name, kind in fields.items():
        began, hers, theirs = (_plain(one.get(name, "")) for one in (before, mine, saved))
        if hers in (theirs, began):
            agreed[name] = saved.get(name, "")
        elif theirs == began:
            agreed[name] = mine.get(name, "")
            alone.append(name)
        else:
            clashes.append(Clash(name, kind, mine.get(name, ""), saved.get(name, "")))
    return Meeting(tuple(clashes), {name: value for name, value in agreed.items() if value}, tuple(alone))


def _plain(text: str) -> str:
    """A browser ends lines in its own way, which is no change."""
    return text.replace("\r\n", "\n").strip()


def _settled(clash: Clash, choice: Choice) -> str:
    if choice == "mine":
        return clash.mine
    if choice == "saved":
        return clash.saved
    return both(clash.kind, clash.saved, clash.mine)


def both(kind: Kind, first: str, then: str) -> str:
    """What stands of two answers to one question where neither is let go."""
    if kind == "choices":
        return ",".join(_each_once([*first.split(","), *then.split(",")]))
    if kind != "text":
        # Of a day or a choice there can be only one.
        return first or then
    return _joined(_plain(first), _plain(then))


def _joined(first: str, then: str) -> str:
    if then in first:
        return first
    return then if first in then else f"{first}\n\n{then}"


def _each_once(values: Collection[str]) -> list[str]:
    return list(dict.fromkeys(one for one in values if one))
