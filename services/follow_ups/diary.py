"""The diary number of a follow-up's matter of notice, as the municipality has registered it."""

from collections.abc import Mapping

from followup import FollowUpId
from followup.follow_ups.diary_number import DiaryNumber, read_number
from followup.follow_ups.follow_up import FollowUp
from followup.log.subject import What
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from services.follow_ups.steps import held
from storage.engine.database import Transaction
from storage.follow_ups import diary_numbers
from storage.register import placements


def diary_number_of(tx: Transaction, follow_up_id: FollowUpId) -> DiaryNumber | None:
    """Its newest."""
    entered = diary_numbers.of_follow_up(tx, follow_up_id)
    return entered[-1] if entered else None


def with_verdict(acting: Acting, follow_up_id: FollowUpId) -> FollowUp | Refused:
    """It is a matter of notice, and can be registered, as soon as it has its verdict."""
    found = held(acting, follow_up_id)
    if isinstance(found, Refused) or found.verdict is not None:
        return found
    return Refused(Why.WRONG, (Problem("number", wording("diary_number.no_verdict")),))


def enter_diary_number(
    acting: Acting, follow_up_id: FollowUpId, typed: Mapping[str, str], knows: int | None = None
) -> FollowUp | Refused:
    """A number that stands there is corrected by one who `knows` it; what stood before stays."""
    found = with_verdict(acting, follow_up_id)
    if isinstance(found, Refused):
        return found
    number, problems = read_number(typed, acting.today)
    # It stays when a child is deleted, and is printed where others than those who follow up read.
    if placements.names_a_child(acting.tx, number):
        problems.append(Problem("number", wording("diary_number.names_a_child")))
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    before = diary_number_of(acting.tx, found.id)
    if before is not None and before.number == number:
        return Refused(Why.DONE)
    if before is not None and before.id != knows:
        stands = wording("diary_number.other", number=before.number)
        return Refused(Why.WRONG, (Problem("number", stands),))
    diary_numbers.record(acting.tx, found.id, number, acting.person.id, acting.now)
    acting.log("write", What.DIARY_NUMBER.of(found.id))
    return found
