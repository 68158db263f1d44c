"""What people choose for themselves: their language, their quiet days, and what a quiet day keeps waiting."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime

from followup.log.subject import What
from followup.messages.every import EveryMessage
from followup.messages.quiet import BREAKING, MOST_QUIET, alerts_told_of, is_asked_for, told_from
from followup.overview.digest import WEEKDAYS, DigestChoice
from followup.people import Conversation, Person
from followup.wording.wording import Problem, Wording
from services.acting import Acting, Refused, Why
from services.overview import digest_choice
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.register import people
from texts.catalogue import LANGUAGES


@dataclass(frozen=True)
class PersonalSettings:
    """`digest` is None for those who are sent none."""

    language: str
    quiet_days: frozenset[int]
    digest: DigestChoice | None


def settings(acting: Acting) -> PersonalSettings:
    """What holds now; her own choice, so that it is not logged."""
    digest = digest_choice.chosen(acting) if acting.may(Conversation.DIGEST) else None
    return PersonalSettings(acting.person.language, acting.person.quiet_days, digest)


def choose_settings(
    acting: Acting,
    *,
    language: str | None = None,
    quiet_days: Set[int] | None = None,
    wanted: bool | None = None,
    weekday: int | None = None,
    shortcuts: bool | None = None,
) -> PersonalSettings | Refused:
    """What is not chosen among what there is stays as it was; one day in the week must be left to be told on."""
    if not acting.may(Conversation.SETTINGS):
        return acting.refuse(What.CONVERSATION.of(Conversation.SETTINGS))
    before = settings(acting)
    kept = before.quiet_days if quiet_days is None else frozenset(quiet_days) & frozenset(WEEKDAYS)
    if len(kept) > MOST_QUIET:
        return Refused(Why.WRONG, (Problem("quiet_days", Wording("settings.all_quiet")),))
    spoken = language if language in LANGUAGES else before.language
    keys = acting.person.shortcuts if shortcuts is None else shortcuts
    people.keep_choice(acting.tx, acting.person.id, spoken, kept, acting.now, shortcuts=keys)
    digest = before.digest
    if digest is not None:
        chosen = digest_choice.choose(acting, wanted=wanted, weekday=weekday)
        digest = digest if isinstance(chosen, Refused) else chosen
    return replace(before, language=spoken, quiet_days=kept, digest=digest)


def waits_until(tx: Transaction, person: Person, message: EveryMessage, now: datetime) -> datetime | None:
    """From when the message may reach her, where today is a quiet day of hers that it does not break."""
    until = told_from(person.quiet_days, now)
    if until is None or is_asked_for(message):
        return None
    told_of = (alerts.get(tx, one) for one in alerts_told_of(message))
    return None if any(one is not None and one.kind in BREAKING for one in told_of) else until
