"""What is proposed to be deleted (gallring): decided by a manager or the official and an administrator, or refused."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup.messages.operation import PurgeProposed
from followup.people import Conversation
from followup.wording.form import Question
from followup.wording.wording import Problem
from services.acting import Acting, Refused, Why
from services.retention import deciding
from services.retention.deciding import ClassSeen, ProposalSeen
from texts.catalogue import Texts

WHY = Question("reason", "text", "retention", required=False)


def proposals(turn: Turn) -> Reply:
    return _shown(turn)


def _shown(turn: Turn, *first: Part, typed: str = "", problems: Sequence[Problem] = ()) -> Reply:
    found = deciding.proposals(turn.acting)
    if isinstance(found, Refused):
        return turn.refusal(found, "retention.gone")
    say, hers = turn.say, next((one for one in found if one.mine), None)
    parts: list[Part] = [
        Text(say("retention.title"), "title"),
        *first,
        *problem_banner(problems, say),
        Text(say("retention.about"), "subtle"),
        *([] if found else [Text(say("retention.none"))]),
        *(part for one in found for part in proposal_parts(one, say)),
    ]
    if hers is None:
        return Reply(card=Card(say("retention.title"), tuple(parts)))
    parts += [
        Text(say("retention.decide_means", number=hers.number), "heading"),
        Text(say("retention.means")),
        *fields([WHY], {"reason": typed}, problems, say, "retention"),
    ]
    buttons = (
        Button(say("retention.decide", number=hers.number), "decide_purge", takes_inputs=True),
        Button(say("retention.refuse", number=hers.number), "refuse_purge", takes_inputs=True),
    )
    return Reply(card=Card(say("retention.title"), tuple(parts), buttons, {"purge": hers.number}))


def proposed_card(acting: Acting | None, message: PurgeProposed, say: Texts) -> Card | None:
    """Only while it waits for a decision that is hers to make."""
    found = deciding.stored(acting, message.number) if acting else None
    if found is None or found.mine is None:
        return None
    parts = (Text(say("retention.told"), "title"), *proposal_parts(found, say))
    return Card(say("retention.told"), parts, (Button(say("retention.open"), "retention"),))


def proposal_parts(one: ProposalSeen, say: Texts) -> list[Part]:
    """How much, by which plan, and how far it has come."""
    return [
        Text(say("retention.heading", number=one.number), "heading"),
        *(_of_children(one, say) if one.cases else ()),
        *(Text(_of_class(found, say)) for found in one.classes),
        Text(say("retention.source", source=one.source, day=one.day), "subtle"),
        *(Text(say(f"retention.decided.{seat}", name=name)) for seat, name in one.deciders),
        Text(_state(one, say), "normal" if one.mine else "subtle"),
    ]


def _of_children(one: ProposalSeen, say: Texts) -> list[Part]:
    return [
        Text(say("retention.counts", n=one.cases, first=one.first, last=one.last)),
        Text(say("retention.kept", n=one.kept, of=one.cases)),
    ]


def _of_class(found: ClassSeen, say: Texts) -> str:
    """What it is, how much, from before which day, and where the plan says so."""
    what = say(f"retention.class.{found.name}")
    return say("retention.of_class", what=what, n=found.things, day=found.before, source=found.source)


def _state(one: ProposalSeen, say: Texts) -> str:
    if one.refused_by is not None:
        return say("retention.refused_by", name=one.refused_by)
    if one.done or one.begun:
        return _gone(one, say)
    if len(one.deciders) == 2:
        return say("retention.to_carry_out", number=one.number)
    return say("retention.yours") if one.mine else say("retention.waits")


def _gone(one: ProposalSeen, say: Texts) -> str:
    """Of how many children, or where it is about none of how many rows."""
    if not one.cases:
        said = "retention.done_rows" if one.done else "retention.begun_rows"
        return say(said, n=sum(found.rows for found in one.classes))
    if one.done:
        return say("retention.done", n=one.deleted, held=one.held)
    return say("retention.begun", n=one.deleted, of=one.cases)


def decide(turn: Turn) -> Reply:
    return _answered(turn, deciding.decide(turn.acting, turn.press.number("purge")), "retention.did_decide")


def refuse(turn: Turn) -> Reply:
    typed = turn.press.inputs.get("reason", "")
    found = deciding.refuse(turn.acting, turn.press.number("purge"), typed)
    return _answered(turn, found, "retention.did_refuse")


def _answered(turn: Turn, found: ProposalSeen | Refused, done: str) -> Reply:
    if not isinstance(found, Refused):
        said = Text(turn.say(done, number=found.number), "good")
        card = _shown(turn, said).card
        return Reply(card=card, effect=Stored("purge", {"purge": found.number}))
    typed = turn.press.inputs.get("reason", "")
    if found.why == Why.WRONG:
        return _shown(turn, typed=typed, problems=found.problems)
    if found.why == Why.DONE:
        return _shown(turn, Text(turn.say("retention.otherwise"), "warning"), typed=typed)
    return turn.refusal(found, "retention.gone")


def told_again(turn: Turn, number: int) -> Reply:
    """How it stands now."""
    found = deciding.stored(turn.acting, number)
    if found is None:
        return Reply(notice=turn.say("retention.gone"))
    parts = (Text(turn.say("retention.title"), "title"), *proposal_parts(found, turn.say))
    return Reply(card=Card(turn.say("retention.title"), parts))


OFFERED = (
    Command("retention", Conversation.RETENTION, ("gallring", "gallra", "retention"), proposals),
    Verb("retention", Conversation.RETENTION, proposals),
    Verb("decide_purge", Conversation.RETENTION, decide),
    Verb("refuse_purge", Conversation.RETENTION, refuse),
)
