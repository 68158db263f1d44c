"""The method's numbers with words, what a change of them would do to each unit, and adopting it from a day on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from dialogs.card import Part, Text
from dialogs.forms.form_fields import fields
from dialogs.overview.threshold_sentences import (
    changed_sentences,
    counted_sentences,
    limits_sentence,
    past_sentences,
    shift_words,
)
from dialogs.turn import Stored
from followup.people import Conversation
from followup.risk.risk_config import RiskConfig
from followup.risk.risk_parameters import (
    GROUPS,
    HELD,
    PARAMETERS,
    STEPS,
    Changes,
    read_changes,
    stepped,
    typed_number,
)
from followup.wording.wording import Problem, wording
from services.acting import Refused
from services.risk.threshold import (
    VALID_FROM,
    WHY,
    adopt,
    base_config,
    earliest_start,
    number_of,
    preview_for,
)
from workspace.frame.answer import DeedDone, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/troskel"
BY_WORD = ".steg"


def threshold(visit: Visit) -> PageAnswer:
    """With what the address asks to try, which changes nothing."""
    return _page(visit, visit.asked.query, {}, ())


def _page(
    visit: Visit, tried: Mapping[str, str], typed: Mapping[str, str], wrong: Sequence[Problem]
) -> PageAnswer:
    base = base_config(visit.tx)
    changes, problems = read_changes(_words(tried, base), base)
    problems += [one for one in wrong if one.field == "changes"]
    if problems:
        changes = {}
    # All units are scored anew at each month's end: not before there is something to try.
    found = preview_for(visit.acting, changes) if changes else None
    if isinstance(found, Refused):
        return refused(found)
    past, today = (past_sentences(found, visit.say), found.today) if found else ([], [])
    kept = {name: value for name, value in tried.items() if name.removesuffix(BY_WORD) in PARAMETERS}
    here = ListPage(PATH, visit.asked.page, max(len(past), len(today)), kept)
    shown = slice(here.start, here.start + PAGE)
    say, start = visit.say, earliest_start(visit.tx, visit.now).isoformat()
    parts: list[Part] = fields([VALID_FROM, WHY], {"valid_from": start, **typed}, wrong, say, "threshold")
    values = {
        "base": base,
        "number": number_of(base),
        "groups": [(say(f"threshold.group.{group}"), _rows(visit, base, group, tried)) for group in GROUPS],
        "problems": [say.say(one.what) for one in problems],
        "changes": {name: str(value) for name, value in changes.items()},
        "sentences": changed_sentences(base, changes, say),
        "counts": counted_sentences(found, say) if found else [],
        "found": found,
        "shift": lambda one: shift_words(one, say),
        "past": past[shown],
        "today": today[shown],
        "here": here,
        "adoption": [one for one in parts if not isinstance(one, Text)],
        "adopted": [
            say("page.threshold.adopted", version=f"risk-{one.numbers['number']}")
            for one in visit.stored("threshold")
        ],
        "wrong": bool(problems or wrong),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems or wrong else HTTPStatus.OK
    return Shown("threshold.html", say("threshold.title"), values, status)


def _words(tried: Mapping[str, str], base: RiskConfig) -> list[str]:
    """Those that are another number than the one that holds, as they are typed in the chat."""
    typed = {name: tried.get(name, "").replace(" ", "") or _by_word(name, tried, base) for name in PARAMETERS}
    return [
        word
        for name, value in typed.items()
        if value and typed_number(value) != getattr(base, name)
        for word in (name, value)
    ]


def _by_word(name: str, tried: Mapping[str, str], base: RiskConfig) -> str:
    """What the slider's word stands for; nothing where it was left where it is."""
    place = tried.get(name + BY_WORD, "")
    steps = [str(one) for one in stepped(name, _held(base, name))]
    return steps[int(place)] if place in map(str, range(len(steps))) else ""


def _held(base: RiskConfig, name: str) -> Decimal:
    return Decimal(str(getattr(base, name)))


@dataclass(frozen=True)
class NumberRow:
    """`typed` is a number that none of the slider's words stands for, and `place` the word's that it stands at."""

    name: str
    means: str
    effect: str
    holds: str
    between: str
    place: int
    words: Sequence[tuple[str, str]]
    typed: str


def _rows(visit: Visit, base: RiskConfig, group: str, tried: Mapping[str, str]) -> list[NumberRow]:
    return [_row(visit, base, name, tried) for name, one in PARAMETERS.items() if one.group == group]


def _row(visit: Visit, base: RiskConfig, name: str, tried: Mapping[str, str]) -> NumberRow:
    say, held = visit.say, _held(base, name)
    steps = stepped(name, held)
    typed = tried.get(name, "").replace(" ", "") or _by_word(name, tried, base)
    value = typed_number(typed) if typed else held
    # What holds stands in the middle, also where a limit is as near.
    place = HELD if value == held else steps.index(value) if value in steps else HELD
    return NumberRow(
        name,
        say(f"threshold.parameter.{name}"),
        say(f"threshold.effect.{name}"),
        say.write(getattr(base, name)),
        limits_sentence(name, say),
        place,
        [
            (say(f"page.threshold.step.{word}"), say.write(one))
            for word, one in zip(STEPS, steps, strict=True)
        ],
        "" if value == steps[place] else typed,
    )


def adopt_tried(visit: Visit) -> PageAnswer:
    """As it was tried: refused where another change has been adopted since."""
    base = base_config(visit.tx)
    changes, problems = read_changes(_words(visit.typed, base), base)
    if problems or not changes:
        nothing = [] if problems else [Problem("changes", wording("threshold.nothing"))]
        return _again(nothing)
    done = _adopted(visit, changes)
    if not isinstance(done, Refused):
        return DeedDone(Stored("threshold", {"number": number_of(done)}))
    return _again(done.problems) if done.problems else refused(done)


def _again(problems: Sequence[Problem]) -> ShownAgain:
    """All units are scored anew for it, which is no work for the one who writes."""
    return ShownAgain(lambda visit: _page(visit, visit.typed, visit.typed, problems))


def _adopted(visit: Visit, changes: Changes) -> RiskConfig | Refused:
    return adopt(visit.acting, changes, visit.typed, visit.asked.count("base"))


OFFERED = (
    PageOf(PATH, Conversation.THRESHOLD, threshold, reads_much=True, tab="page.tab.troskel"),
    DeedOf(f"{PATH}/faststall", Conversation.THRESHOLD, adopt_tried, PATH),
)
