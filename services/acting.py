"""Who reads or does something, where and when, in which transaction; and why she is not shown it, or it is not done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from followup import PersonId
from followup.access.access import IN_CHANNEL, DataKind, Reach
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.access.small_unit import Audience, audience_of
from followup.log.chain import LogEntry
from followup.log.subject import Act, Subject, What
from followup.people import Conversation, Person
from followup.placement import Placement
from followup.times.calendar import municipal_day
from followup.times.month import Month
from followup.wording.wording import Problem
from storage.clocks import owners
from storage.engine.database import Transaction
from storage.log import access_log
from storage.month.newest_answers import AnswersUntil
from storage.register import people, placements


class Why(StrEnum):
    UNKNOWN = "unknown"  # There is none, or none that she may know of.
    NOT_HERS = "not_hers"  # The access table does not give it to her.
    CHANNEL = "channel"  # Others look on.
    NO_REASON = "no_reason"  # It is read with a reason, and she has given none today.
    CHANGED = "changed"  # It is no longer as she saw it.
    DONE = "done"  # It is closed, or done by now.
    WRONG = "wrong"  # What was given; the problems say all that is.


@dataclass(frozen=True)
class Refused:
    """Given by a deed or a view in the place of what was asked for; nothing has been stored."""

    why: Why
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Who reads, in her own chat or where others look on; nobody in particular where a channel is told unasked."""

    tx: Transaction
    person: Person | None
    now: datetime
    municipality: Municipality = USUAL_MUNICIPALITY
    channel: bool = False

    @cached_property
    def today(self) -> date:
        return municipal_day(self.now)

    @property
    def audience(self) -> Audience:
        return audience_of(self.person.role if self.person else None, channel=self.channel)

    def may(self, conversation: Conversation) -> bool:
        return self.person is not None and self.municipality.access.may(self.person, conversation)

    def reach(self, kind: DataKind) -> Reach:
        """How far she sees it; whoever is no longer active sees nothing."""
        if self.person is None or not self.person.active:
            return Reach.NOTHING
        return self.municipality.access.reach(self.person.role, kind)

    def opens(self, kind: DataKind) -> bool:
        """Whether she may read any of it, once a reason is given where one is asked for."""
        return self.reach(kind) in (Reach.WITH_REASON, Reach.ALL)

    def sees(self, kind: DataKind) -> bool:
        """Whether anything of the kind is shown her here."""
        if self.channel and kind not in IN_CHANNEL:
            return False
        # What is said unasked to the quality team's channel is said to nobody in particular.
        return self.reach(kind) != Reach.NOTHING or (self.channel and self.person is None)

    def log(
        self,
        act: Act,
        subject: Subject,
        *,
        detail: str | None = None,
        reason: str | None = None,
        seen: Sequence[Subject] | None = None,
        records: int | None = None,
    ) -> None:
        """In the access log, as the person's own act now."""
        access_log.record(
            self.tx,
            act,
            subject,
            self.now,
            person_id=self.person.id if self.person else None,
            detail=detail,
            reason=reason,
            seen=seen,
            records=records,
        )

    def log_read(self, unlogged: Sequence[LogEntry]) -> None:
        """What was read beside the writer, before it is shown."""
        for entry in unlogged:
            access_log.write(self.tx, entry)

    def refuse(self, subject: Subject, why: Why = Why.NOT_HERS) -> Refused:
        """Logged, as the edge logs what it turns away."""
        self.log("refused", subject)
        return Refused(why)


def which(what: What, number: int) -> Subject:
    """The one with the number; 0 where none was named."""
    return what.of(number) if number else what.of()


@dataclass(frozen=True)
class Acting(Reader):
    """Who does something: a deed or a view asks with her for the very thing, in the transaction that it is done in."""

    person: Person

    @cached_property
    def led(self) -> Mapping[PersonId, Person]:
        """Her own people, read once, however much is counted of them."""
        return people.led_by(self.tx, self.person)

    @cached_property
    def any_without_owner(self) -> bool:
        """Whether there is a placement that nobody at all has today: else such ones need not be looked for."""
        return placements.any_without_owner(self.tx, self.today)

    @cached_property
    def led_placements(self) -> Sequence[Placement]:
        """Those of her own people, and of nobody, that had not ended so long ago that nothing is asked of them."""
        since = self.today - owners.AFTER_CARE
        return owners.of_people(self.tx, self.led, self.today, since, nobodys=self.any_without_owner)

    @cached_property
    def answers_lately(self) -> AnswersUntil:
        """What is known by now of placements' contacts and plans, read once whatever is counted of it."""
        longest = timedelta(days=self.municipality.contact_days.longest)
        return AnswersUntil(self.tx, self.now, Month.of(self.today), Month.of(self.today - longest))
