"""The terms that the register's files may use: the built-in ones, and what the municipality's own file has said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from followup.clocks.clock import LawClock
from followup.log.subject import What
from followup.people import Conversation
from followup.terms import BUILT_IN, Term, TermKind, with_own
from services.acting import Acting, Refused
from storage.clocks.own import clocks, own_clocks
from storage.imports.register import own_terms


@dataclass(frozen=True)
class TermSeen:
    """`own` where the municipality's file has a row for it; `new` where it stands in no list but that."""

    term: Term
    own: bool
    new: bool


@dataclass(frozen=True)
class TermsSeen:
    terms: Mapping[TermKind, Sequence[TermSeen]]
    clocks: Sequence[tuple[LawClock, bool]]


def terms_seen(acting: Acting) -> TermsSeen | Refused:
    if not acting.may(Conversation.REGISTER):
        return acting.refuse(What.CONVERSATION.of(Conversation.REGISTER))
    rows = own_terms(acting.tx)
    own = {(one.kind, one.code) for one in rows}
    seen = {
        kind: [TermSeen(one, (kind, code) in own, code not in BUILT_IN[kind]) for code, one in terms.items()]
        for kind, terms in with_own(rows).items()
    }
    changed = {one.code for one in own_clocks(acting.tx)}
    return TermsSeen(seen, [(one, one.code in changed) for one in clocks(acting.tx)])
