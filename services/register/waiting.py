"""What waits for an administrator: files, messages in doubt, people without an account, the log, what is to go."""

from dataclasses import dataclass

from followup.log.log_review import Quarter
from followup.log.subject import What
from followup.people import Conversation
from services.acting import Acting, Refused
from services.log.log_review import is_reviewed
from services.register.deliveries import DOUBTFUL
from services.retention.deciding import proposals
from storage.imports import uploads
from storage.log import access_log
from storage.messages import counting
from storage.register import people

MOST = 10


@dataclass(frozen=True)
class Waiting:
    """Numbers of each; `uploads` are hers to confirm, to mend or to hand in again.

    `quarter` is the last one that is over, where its log is yet to be looked through.
    """

    uploads: int
    uncertain: int
    failed: int
    without_account: int
    quarter: Quarter | None
    to_decide: int

    def __bool__(self) -> bool:
        counted = self.uploads + self.uncertain + self.failed + self.without_account + self.to_decide
        return bool(counted) or self.quarter is not None


def waiting(acting: Acting) -> Waiting | Refused:
    if not acting.may(Conversation.REGISTER):
        return acting.refuse(What.CONVERSATION.of(Conversation.REGISTER))
    counts = counting.count_by_state(acting.tx, DOUBTFUL)
    own = uploads.of_person(acting.tx, acting.person.id, MOST)
    found = proposals(acting)
    return Waiting(
        sum(one.state in ("previewed", "interrupted") for one in own),
        counts.get("uncertain", 0),
        counts.get("failed", 0),
        len(people.without_account(acting.tx)),
        _to_review(acting),
        0 if isinstance(found, Refused) else sum(one.mine is not None for one in found),
    )


def _to_review(acting: Acting) -> Quarter | None:
    last = Quarter.of(acting.today).previous
    if is_reviewed(acting.tx, last) or not access_log.anything_between(acting.tx, last.begins, last.ends):
        return None
    return last
