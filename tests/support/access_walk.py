"""A town walked through: before and after placements change hands and people change role, with cards kept from others.

All that leaves is held against the table of who may see what, and what is about a child against the access log.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, select, update

from bot.local.terminal import actions_of
from bot.turns import Answer
from dialogs.turn import Said
from followup import PlacementId
from followup.access.access import DataKind
from followup.log.subject import Subject, What
from followup.people import Person, Role
from storage.engine.database import Transaction
from storage.engine.tables import access_log, access_log_record, person, report_task, signal
from storage.imports import ownership
from storage.log import log_chain
from storage.register import people
from tests.support.access_town import NOW, TODAY, Secret
from tests.support.access_watch import Watch

MOMENTS = ("before", "handed over", "demoted")
# Of a child by its placement, so that the log must name that placement; of all else that a card was read is enough.
OF_A_PLACEMENT = frozenset({DataKind.CASE_REFERENCE, DataKind.ALIAS, DataKind.REPORT_TEXT})
# Units and colleagues by name, and how many have answered, are about no child.
OF_NO_CHILD = frozenset({DataKind.UNIT, DataKind.COLLEAGUES, DataKind.RESPONSES, DataKind.MISSING})
# A number in an example is nobody's, though by now there may be one with it.
EXAMPLE = re.compile(r"(till exempel|for example) [A-Z]-\d+( (eller|or) [A-Z]-\d+)?")
IN_ROLE = {"worker": ("manager", "quality"), "quality": ("worker", "manager"), "manager": ("worker", "admin")}


@dataclass
class Walk(Watch):
    """As Watch, in three moments a transaction, pressing also what others were shown in any of them."""

    each: int = 70
    moment: str = ""
    kept: list[dict[str, Any]] = field(default_factory=list)
    met: "Counter[tuple[str, str, bool]]" = field(default_factory=Counter)
    from_kept: int = 0
    shown: int = 0
    missing: list[str] = field(default_factory=list)
    newest: int = 0

    def run(self, number: int) -> "Walk":
        while self.requests < number:
            self.last, self.had, self.kept, self.newest = {}, set(), [], 0
            with self.town.database.engine.connect() as connection, connection.begin() as begun:
                tx = Transaction(connection, self.town.database.vault)
                self._new_entries(tx)
                for self.moment in MOMENTS:
                    self._turn_of_events(tx)
                    for _ in range(self.each):
                        self._request(tx)
                    self._deliver(tx)
                begun.rollback()
        return self

    def _turn_of_events(self, tx: Transaction) -> None:
        if self.moment == "handed over":
            self._hand_over(tx)
        elif self.moment == "demoted":
            self._demote(tx)

    def _hand_over(self, tx: Transaction) -> None:
        """Half of the placements get another worker, so that what was one's own is another's."""
        workers = [one.id for one in people.with_role(tx, Role.WORKER)]
        for placement_id in self.chance.sample(list(self.town.placed), len(self.town.placed) // 2):
            ownership.hand_over(tx, [PlacementId(placement_id)], self.chance.choice(workers), TODAY, NOW)

    def _demote(self, tx: Transaction) -> None:
        """Some of each role get another, and one has left."""
        for role, others in IN_ROLE.items():
            able = people.with_role(tx, Role(role))
            for one in self.chance.sample(able, len(able) // 2):
                self._change(tx, one, role=self.chance.choice(others))
        self._change(tx, self.chance.choice(people.with_role(tx, Role.WORKER)), active=False)

    def _change(self, tx: Transaction, one: Person, **to: object) -> None:
        tx.connection.execute(update(person).where(person.c.id == one.id).values(**to))

    def _said(self, key: str, channel: bool) -> Said:
        """Now and then a button of a card that anybody was shown at any of the moments."""
        said = super()._said(key, channel)
        if not self.kept or self.chance.random() < 0.6:
            return said
        self.from_kept += 1
        card = self.chance.choice(self.kept)
        return replace(said, text="", press=self._pressed(card, actions_of(card)))

    def _look(
        self, tx: Transaction, person: Person | None, channel: bool, answer: Answer, said: Said
    ) -> None:
        self.met[self.moment, person.role if person else "stranger", channel] += 1
        if answer.card is not None and actions_of(answer.card):
            self.kept.append(answer.card)
        super()._look(tx, person, channel, answer, said)

    def _note(
        self,
        tx: Transaction,
        person: Person | None,
        channel: bool,
        out: str,
        *,
        typed: str = "",
        reasoned: frozenset[int] = frozenset(),
        again: bool = False,
    ) -> None:
        """Nothing is excused for being an answer that was given before."""
        out, entries = EXAMPLE.sub("", out), self._new_entries(tx)
        mine = [
            one for one in entries if person and one.person_id == person.id and one.act in ("read", "write")
        ]
        for word in {word for word in self.pattern.findall(out) if word not in typed}:
            secret = self._secret(tx, word)
            if secret is None or secret.kind in OF_NO_CHILD or channel:
                continue
            self.shown += 1
            if not self._is_logged(tx, secret, mine):
                told = f"{word}, {secret.kind}, to {person.key if person else 'a stranger'} {self.moment}"
                self.missing.append(f"{told}; logged {[one.subject for one in entries]}; in {out[:1500]}")
        super()._note(tx, person, channel, out, typed=typed, reasoned=reasoned)

    def _secret(self, tx: Transaction, word: str) -> Secret | None:
        """One who has become another than a worker is named as that, such as the one who has taken an alert."""
        secret = super()._secret(tx, word)
        named = people.by_id(tx, secret.person_id) if secret and secret.person_id else None
        return None if named and named.role != Role.WORKER else secret

    def _new_entries(self, tx: Transaction) -> list[Row[Any]]:
        log_chain.write_waiting(tx)
        rows = tx.connection.execute(
            select(access_log).where(access_log.c.id > self.newest).order_by(access_log.c.id)
        ).all()
        self.newest = rows[-1].id if rows else self.newest
        return list(rows)

    def _is_logged(self, tx: Transaction, secret: Secret, mine: Sequence[Row[Any]]) -> bool:
        if secret.kind not in OF_A_PLACEMENT:
            return bool(mine)
        return any(secret.placement_id in self._placements(tx, one) for one in mine)

    def _placements(self, tx: Transaction, entry: Row[Any]) -> set[int | None]:
        """Those that the entry names, and the one of the report or signal that it names."""
        records = select(access_log_record).where(access_log_record.c.entry_id == entry.id)
        seen = {int(one.record_id) for one in tx.connection.execute(records) if one.what == What.PLACEMENT}
        subject = Subject.read(entry.subject)
        table = {
            What.REPORT: report_task,
            What.REPORT_TEXT: report_task,
            What.SIGNAL: signal,
        }.get(subject.what)
        if table is None:
            return {*seen}
        of_it = select(table.c.placement_id).where(table.c.id == int(subject.id.rpartition("-")[2]))
        return {*seen, *tx.connection.execute(of_it).scalars()}
