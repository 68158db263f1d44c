"""Looks for tampering with the access log: emptied, cut, rewritten, put in another order, or its guards taken away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from followup.log.chain import START, Checkpoint, Tip, link, unkeyed_link
from followup.log.subject import What
from followup.wording.wording import Wording, wording
from storage.engine.database import Transaction
from storage.engine.vault import LogKey
from storage.log import access_log, log_chain, log_reviews
from storage.log.access_log import Logged
from storage.log.log_chain import CHAIN
from storage.log.log_guards import missing_guards


@dataclass
class _Walk:
    """A chain, followed from its first entry to the first that does not follow from the one before it.

    `heads` is what stood at the places asked for, `changes` where another key went on, or the first one began.
    """

    tip: Tip
    keys: Mapping[str, LogKey]
    asked: set[int]
    heads: dict[int, str] = field(default_factory=lambda: {0: START})
    changes: list[Tip] = field(default_factory=list)
    broken: Wording | None = None

    def follow(self, logged: Logged) -> None:
        if self.broken is not None:
            return
        signature = self._signature(logged) if logged.redaction is None else self._redacted(logged)
        if signature is None:
            by = logged.redaction.key_id if logged.redaction else logged.key_id
            self.broken = wording("check.log.key", number=logged.id, key=by)
        elif logged.number != self.tip.entries + 1 or signature != logged.hash:
            self.broken = wording("check.log.broken", number=logged.id)
        else:
            self._go_on(logged)

    def _signature(self, logged: Logged) -> str | None:
        """What it should be; None where no key is known that could tell."""
        if logged.key_id is None:
            # Only what was there before the first key may stand without one.
            return unkeyed_link(self.tip.head, logged.entry) if self.tip.key_id is None else ""
        key = self.keys.get(logged.key_id)
        return None if key is None else key.sign(link(self.tip, logged.entry))

    def _redacted(self, logged: Logged) -> str | None:
        """Its own, where the redaction is signed over what stands, and the reason is gone."""
        redaction = logged.redaction
        assert redaction is not None
        key = self.keys.get(redaction.key_id)
        if key is None:
            return None
        signed = redaction.is_signed(key.sign, self.tip, logged.entry, logged.hash)
        return logged.hash if signed and logged.entry.reason is None else ""

    def _go_on(self, logged: Logged) -> None:
        if logged.key_id != self.tip.key_id:
            self.changes.append(Tip(self.tip.chain, self.tip.entries, self.tip.head, logged.key_id))
        self.tip = Tip(logged.chain, logged.number, logged.hash, logged.key_id)
        if logged.number in self.asked:
            self.heads[logged.number] = logged.hash


def faults_in_log(tx: Transaction) -> Iterator[Wording]:
    """The first entry that was changed, what is missing, and guards taken away."""
    keys, stored = log_chain.known_keys(tx), log_chain.checkpoints(tx)
    asked = {one.entries for one in stored} | {one.entries for one in log_reviews.every(tx)}
    walks: dict[str, _Walk] = {}
    reviews: set[str] = set()
    first = None
    for logged in access_log.everything(tx):
        first = first or logged.entry.at
        new = _Walk(Tip(logged.chain, 0, START, None), keys, asked)
        walks.setdefault(logged.chain, new).follow(logged)
        if (logged.entry.act, logged.entry.subject.what) == ("write", What.LOG_REVIEW):
            reviews.add(logged.entry.subject.id)
    yield from _faults_in_chains(tx, walks, stored, keys)
    if access_log.written_before(tx, first):
        yield wording("check.log.late")
    kept = {review.quarter for review in log_reviews.every(tx)}
    yield from (wording("check.log.review_gone", quarter=one) for one in sorted(reviews - kept))
    yield from (wording("check.log.unguarded", name=name) for name in missing_guards(tx))


def _faults_in_chains(
    tx: Transaction, walks: Mapping[str, _Walk], stored: Iterable[Checkpoint], keys: Mapping[str, LogKey]
) -> Iterator[Wording]:
    tips, of_chain = log_chain.tips(tx), defaultdict[str, list[Checkpoint]](list)
    for checkpoint in stored:
        of_chain[checkpoint.chain].append(checkpoint)
    for chain in sorted(walks.keys() | tips.keys() | of_chain.keys()):
        walk = walks.get(chain) or _Walk(Tip(chain, 0, START, None), keys, set())
        if walk.broken is not None:
            yield walk.broken
            continue
        yield from _faults_at_end(walk, tips.get(chain), of_chain[chain])
        yield from _checkpoints_missed(walk, of_chain[chain])
        if chain == CHAIN:
            yield from _reviews_missed(tx, walk)


def _faults_at_end(
    walk: _Walk, stored: tuple[Tip, bool] | None, checkpoints: Iterable[Checkpoint]
) -> Iterator[Wording]:
    if stored is None:
        yield wording("check.log.not_begun", n=walk.tip.entries)
        return
    tip, sound = stored
    if not sound or (tip.entries, tip.head) != (walk.tip.entries, walk.tip.head):
        yield wording("check.log.end", n=walk.tip.entries, wanted=tip.entries)
        return
    changes = [*walk.changes, tip] if tip.key_id != walk.tip.key_id else walk.changes
    signed = {(one.entries, one.head, one.key_id) for one in checkpoints}
    for change in changes:
        if (change.entries, change.head, change.key_id) not in signed:
            yield wording("check.log.unsigned", n=change.entries)


def _checkpoints_missed(walk: _Walk, checkpoints: Iterable[Checkpoint]) -> Iterator[Wording]:
    for one in checkpoints:
        key = walk.keys.get(one.key_id)
        if key is None or not one.is_signed(key.sign) or walk.heads.get(one.entries) != one.head:
            yield wording("check.log.checkpoint", at=one.at, n=one.entries)


def _reviews_missed(tx: Transaction, walk: _Walk) -> Iterator[Wording]:
    for review in log_reviews.every(tx):
        if walk.heads.get(review.entries) != review.head:
            yield wording("check.log.cut", quarter=review.quarter, n=review.entries)


def faults_since(tx: Transaction, checkpoint: Checkpoint) -> Iterator[Wording]:
    """What speaks against a checkpoint that was kept elsewhere: who signed it, or what the log then held."""
    key = log_chain.known_keys(tx).get(checkpoint.key_id)
    if key is None:
        yield wording("check.since.key", key=checkpoint.key_id)
    elif not checkpoint.is_signed(key.sign):
        yield wording("check.since.unsigned")
    elif access_log.signature_at(tx, checkpoint.chain, checkpoint.entries) != checkpoint.head:
        yield wording("check.since.gone", at=checkpoint.at, n=checkpoint.entries)
