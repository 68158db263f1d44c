"""The clocks that hold until the municipality's file of terms says otherwise, one row each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from followup.clocks.clock import LawClock, Start
from followup.terms import worded

CONSIDERATION, RECONSIDERATION = "consideration", "reconsideration"
CLOSING, MOVE = "closing_report", "move_reasons"
CARE_PLAN_CHECK, TREATMENT_PLAN_CHECK = "care_plan_check", "treatment_plan_check"
FOSTER_HOMES = frozenset({"konsulentstott_familjehem", "kommunens_familjehem"})
_LVU = frozenset({"lvu_2", "lvu_3"})
_CHILD, _LVU_3_ENDS = 18, 21

# Law-and-facts F6 and F9. Times without a rule of law are the municipality's own routine.
_CLOCKS = (
    LawClock(
        CONSIDERATION,
        "övervägande",
        starts="care",
        months=6,
        then=6,
        ends="meeting",
        grounds=frozenset({"sol", "lvu_2"}),
        until_age=_CHILD,
        counts=frozenset({RECONSIDERATION}),
        law="consideration",
    ),
    LawClock(
        RECONSIDERATION,
        "omprövning",
        starts="executed",
        months=6,
        then=6,
        ends="meeting",
        grounds=frozenset({"lvu_3"}),
        law="reconsideration",
    ),
    LawClock(
        "custody",
        "vårdnadsöverflyttning",
        starts="home",
        months=24,
        then=12,
        ends="meeting",
        forms=FOSTER_HOMES,
        until_age=_CHILD,
        window=3,
        law="custody",
    ),
    LawClock(
        "care_plan_revision",
        "reviderad vårdplan",
        starts="care",
        months=24,
        until_age=_CHILD,
        window=12,
        law="care_plan_revision",
    ),
    LawClock(
        "treatment_plan",
        "genomförandeplan",
        starts="placement",
        months=1,
        ends="register",
        unless="treatment_plan",
    ),
    LawClock(
        "treatment_plan_follow_up", "uppföljning av genomförandeplan", starts="treatment_plan", months=3
    ),
    LawClock(
        CARE_PLAN_CHECK,
        "genomgång av vårdplan",
        starts="care_plan",
        months=1,
        ends="checklist",
        law="care_plan",
    ),
    LawClock(
        TREATMENT_PLAN_CHECK,
        "genomgång av genomförandeplan",
        starts="treatment_plan",
        months=1,
        ends="checklist",
        law="treatment_plan",
    ),
    LawClock(
        "jourhem",
        "tid i jourhem",
        starts="investigation",
        months=2,
        ends="register",
        unless="special_reasons",
        forms=frozenset({"konsulentstott_jourhem"}),
        law="jourhem",
    ),
    LawClock(
        "stodboende",
        "särskilda skäl för stödboende",
        starts="placement",
        months=0,
        ends="register",
        unless="special_reasons",
        forms=frozenset({"stodboende"}),
        until_age=_CHILD,
        law="stodboende",
    ),
    LawClock(
        "lvu_2_ends",
        "LVU-vården upphör vid 18 år",
        starts="birth",
        months=12 * _CHILD,
        ends="register",
        grounds=frozenset({"lvu_2"}),
        law="lvu_ends",
    ),
    LawClock(
        "lvu_3_ends",
        "LVU-vården upphör vid 21 år",
        starts="birth",
        months=12 * _LVU_3_ENDS,
        ends="register",
        grounds=frozenset({"lvu_3"}),
        law="lvu_ends",
    ),
    LawClock("call_off", "avropsavtal", starts="placement", months=1, ends="register", unless="call_off"),
    LawClock(
        "individual", "individuellt avtal", starts="placement", months=1, ends="register", unless="individual"
    ),
    LawClock(
        "deviation", "avsteg med skäl", starts="placement", months=1, ends="register", unless="deviation"
    ),
    LawClock("after_care_3", "uppföljning efter avslut, 3 månader", starts="end", months=3, law="after_care"),
    LawClock("after_care_6", "uppföljning efter avslut, 6 månader", starts="end", months=6, law="after_care"),
    # The last month's report asks first, and is due in the middle of the month after.
    LawClock(CLOSING, "avslutsrapport", starts="asked_end", months=2, ends="closing", remind=(14, 0)),
    # Reminded of from the first day.
    LawClock(MOVE, "skäl till omplacering", starts="move", months=1, ends="signal", remind=(31, 14, 0)),
)
CLOCKS: Mapping[str, LawClock] = MappingProxyType({clock.code: clock for clock in _CLOCKS})
# After LVU care the board shall follow up; else where it has decided so.
FOLLOWED_UP_AFTER = _LVU


@dataclass(frozen=True, kw_only=True)
class OwnClock:
    """A row of the municipality's file: a clock of its own, or other times or days of one that stands above."""

    code: str
    word: str
    english: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    starts: Start | None = None
    months: int | None = None
    then_months: int | None = None
    ground: str | None = None
    form: str | None = None
    meeting: bool | None = None

    @property
    def clock(self) -> LawClock:
        built_in = CLOCKS.get(self.code)
        starts = self.starts or (built_in.starts if built_in else "placement")
        months = self.months if self.months is not None else (built_in.months if built_in else 6)
        own = built_in or LawClock(self.code, "", starts=starts, months=months)
        own = replace(own, starts=starts, months=months, valid_from=self.valid_from, valid_to=self.valid_to)
        return worded(self._said(own), self.word, self.english)

    def _said(self, own: LawClock) -> LawClock:
        """What the row says nothing of stands as it was."""
        ending = own.ends if self.meeting is None else ("meeting" if self.meeting else "day")
        return replace(
            own,
            then=own.then if self.then_months is None else self.then_months,
            ends=ending,
            grounds=own.grounds if self.ground is None else frozenset({self.ground}),
            forms=own.forms if self.form is None else frozenset({self.form}),
        )


def with_own_clocks(rows: Iterable[OwnClock]) -> tuple[LawClock, ...]:
    """Every clock; one that stands above holds until the day before the file's row of the same code does."""
    own = {row.code: row.clock for row in rows}
    before = [_until(clock, own.get(clock.code)) for clock in CLOCKS.values()]
    return (*(clock for clock in before if clock is not None), *own.values())


def _until(clock: LawClock, later: LawClock | None) -> LawClock | None:
    if later is None:
        return clock
    return None if later.valid_from is None else replace(clock, valid_to=later.valid_from - timedelta(days=1))


def without_clock(grounds: Iterable[str], clocks: Iterable[LawClock]) -> list[str]:
    """The legal grounds that no clock names: care under them would run on without anyone being reminded."""
    named = {ground for clock in clocks for ground in clock.grounds}
    return [ground for ground in grounds if ground not in named]
