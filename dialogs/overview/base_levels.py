"""The yearly base levels: those that hold, what is proposed, who would change band, and adopting it for the year."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dialogs.card import Button, Card, Facts, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.verbs import Command, Verb
from dialogs.overview.threshold_sentences import shift_parts
from dialogs.turn import Press, Reply, Stored, Turn
from followup.access.municipality import Municipality
from followup.people import Conversation
from followup.risk.base_levels import AdoptedLevels
from followup.risk.risk_config import BaseLevels
from followup.terms import FORMS
from followup.wording.wording import Problem, Wording
from services.acting import Refused, Why
from services.risk.base_levels import WHY, BaseLevelProposal, in_force, numbers, of_year, propose
from services.risk.base_levels import adopt as adopt_levels
from services.views.base_levels import YearsLevels, years_levels
from storage.engine.database import Transaction
from texts.catalogue import Texts


def base_levels(turn: Turn) -> Reply:
    """The levels that hold, and the year's proposal where there is one to decide on."""
    found = years_levels(turn.acting)
    if isinstance(found, Refused):
        return Reply(notice=turn.say("refused.role"))
    return Reply(card=_card(turn, found, {}, [], ()))


def _card(
    turn: Turn,
    found: YearsLevels,
    typed: Mapping[str, str],
    problems: Sequence[Problem],
    first: Sequence[Part],
) -> Card:
    say, proposal = turn.say, found.proposal
    head = [Text(say("base_levels.title"), "title"), *first, *problem_banner(problems, say)]
    holding: Part = Text(holding_sentence(found.holding, say), "subtle")
    if isinstance(proposal, Wording):
        rows = Facts(level_rows(found.holding.levels, None, say))
        return Card(say("base_levels.title"), (*head, holding, rows, Text(say.say(proposal), "subtle")))
    parts: list[Part] = [
        *head,
        holding,
        Text(proposal_sentence(proposal, say)),
        Facts(level_rows(proposal.old.levels, proposal.new, say)),
        *shift_parts(proposal, say),
        Text(say("base_levels.adopt_heading"), "heading"),
        Text(say("base_levels.adopt_means", who=turn.person.name, version=proposal.new.id)),
        *fields([WHY], typed, problems, say, "base_levels"),
    ]
    data = {"levels": [list(pair) for pair in numbers(proposal.new).items()]}
    send = Button(say("base_levels.adopt"), "adopt_base_levels", data, takes_inputs=True)
    return Card(say("base_levels.title"), tuple(parts), (send,))


def adopt(turn: Turn) -> Reply:
    """From today on; refused when they have been adopted meanwhile, or are not those that were seen."""
    typed, say = turn.press.inputs, turn.say
    seen = turn.ready if isinstance(turn.ready, BaseLevelProposal) else None
    adopted = adopt_levels(turn.acting, typed, _carried(turn), seen.new if seen else None)
    if not isinstance(adopted, Refused):
        year = adopted.levels.valid_from.year
        return Reply(card=_adopted(adopted, say), effect=Stored("base_levels", {"year": year}))
    told = [say.say(one.what) for one in adopted.problems]
    if seen is None or adopted.why not in (Why.WRONG, Why.CHANGED):
        return Reply(notice=" ".join([*told, holding_sentence(in_force(turn.tx), say)]))
    still, is_wrong = YearsLevels(in_force(turn.tx), seen), adopted.why == Why.WRONG
    first = () if is_wrong else tuple(Text(one, "warning") for one in told)
    return Reply(card=_card(turn, still, typed, adopted.problems if is_wrong else [], first))


def prepare(
    tx: Transaction, _press: Press, now: datetime, _municipality: Municipality
) -> Callable[[], object] | None:
    """The year's proposal with what it would do, which is shown again where it is not adopted."""
    found = propose(tx, now)
    return lambda: found


def _adopted(adopted: AdoptedLevels, say: Texts) -> Card:
    parts = (
        Text(say("base_levels.adopted_title"), "title"),
        Text(holding_sentence(adopted, say), "good"),
        Facts(level_rows(adopted.levels, None, say)),
    )
    return Card(say("base_levels.title"), parts, (Button(say("base_levels.back"), "base_levels"),))


def told_again(turn: Turn, year: int) -> Reply:
    """Which levels were adopted, from when and by whom."""
    return Reply(card=_adopted(of_year(turn.tx, year) or in_force(turn.tx), turn.say))


def _carried(turn: Turn) -> dict[str, str]:
    """The numbers that the card showed."""
    carried = turn.press.data.get("levels")
    pairs = carried if isinstance(carried, list) else []
    return {str(pair[0]): str(pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == len("rq")}


def holding_sentence(holding: AdoptedLevels, say: Texts) -> str:
    levels = holding.levels
    return say("base_levels.holding", version=levels.id, day=levels.valid_from, who=holding.decided_by)


def proposal_sentence(found: BaseLevelProposal, say: Texts) -> str:
    year = found.day.year
    return say("base_levels.proposal", version=found.new.id, year=year - 1, day=found.day)


def level_rows(old: BaseLevels, new: BaseLevels | None, say: Texts) -> tuple[tuple[str, str], ...]:
    """Each form of care with its points per placement-month, and the provider's own report; from old to new."""
    names = {form.segment: say.say(form.said("form_of_care")) for form in FORMS.values() if form.segment}
    rows = [
        (names[segment], level, new.levels[segment] if new else level)
        for segment, level in old.levels.items()
    ]
    rows.append((say("base_levels.per_report"), old.per_report, new.per_report if new else old.per_report))
    return tuple((name, _moved(before, after, say)) for name, before, after in rows)


def _moved(before: object, after: object, say: Texts) -> str:
    return say.write(before) if before == after else f"{say.write(before)} → {say.write(after)}"


OFFERED = (
    Command(
        "base_levels",
        Conversation.THRESHOLD,
        ("basnivå", "basniva", "basnivåer", "basnivaer", "base", "base-levels"),
        base_levels,
    ),
    Verb("base_levels", Conversation.THRESHOLD, base_levels),
    Verb("adopt_base_levels", Conversation.THRESHOLD, adopt),
)
