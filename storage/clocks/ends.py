"""What has been told of placements that ended: their closing reports, and the signals that a child was moved."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from followup.month.closing_report import REASONS_THAT_COUNT
from followup.times.calendar import municipal_day
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.tables import signal, signal_version
from storage.month import closing_reports
from storage.month.newest_answers import AT_A_TIME

_MOVES = (
    select(signal.c.placement_id, signal_version.c.event_on, signal_version.c.known_at)
    .join(signal_version, signal_version.c.signal_id == signal.c.id)
    .where(
        # By unit, since that is what signals are found by.
        signal.c.unit_id.in_(bindparam("unit_ids", expanding=True)),
        signal.c.placement_id.in_(bindparam("placement_ids", expanding=True)),
        signal_version.c.kind == "replacement",
        signal_version.c.known_at <= bindparam("known_until", type_=Instant),
    )
    .order_by(signal_version.c.known_at)
)
_Stay = Row[*tuple[Any, ...]]


class EndsTold:
    """Of the register's rows of some children, as far as it was known at the moment."""

    def __init__(self, tx: Transaction, rows: Sequence[_Stay], known_until: datetime) -> None:
        ended = [row for row in rows if row.ends is not None]
        self._closings = closing_reports.known(tx, [row.id for row in ended], known_until)
        # A signal names one of the child's placements at the unit, and speaks of the stay that its day is in.
        self._moves: defaultdict[tuple[str, int], list[tuple[date, date]]] = defaultdict(list)
        of = {row.id: (row.case_reference, row.unit_id) for row in rows}
        ids, units = sorted(of), sorted({row.unit_id for row in ended})
        for first in range(0, len(ids) if ended else 0, AT_A_TIME):
            values = {
                "unit_ids": units,
                "placement_ids": ids[first : first + AT_A_TIME],
                "known_until": known_until,
            }
            for one in tx.connection.execute(_MOVES, values):
                self._moves[of[one.placement_id]].append((one.event_on, municipal_day(one.known_at)))

    def closed_on(self, row: _Stay) -> date | None:
        """When the end on that day was first told of; what was said of another day is not about it."""
        days = [one.known_at for one in self._closings.get(row.id, ()) if one.stands(row.ends)]
        return municipal_day(min(days)) if days else None

    def move_told_on(self, row: _Stay) -> date | None:
        """By a signal; or by the closing report, where no reason that it gives is the unit's."""
        if row.ends is None:
            return None
        told = [known for day, known in self._moves[row.case_reference, row.unit_id] if day >= row.starts]
        said = [one for one in self._closings.get(row.id, ()) if one.stands(row.ends)]
        if said and not REASONS_THAT_COUNT & set(said[-1].answers.get("reasons", "").split(",")):
            told.append(municipal_day(said[-1].known_at))
        return min(told, default=None)
