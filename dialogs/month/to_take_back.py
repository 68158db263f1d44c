"""What a person has said of herself that still stands, her leave and the reminder she asked for; to be taken back."""

from datetime import datetime

from dialogs.card import Button, Part, Text
from dialogs.month.leave import stands
from followup.times.calendar import municipal_day
from services.acting import Acting
from services.month.leave import standing_leaves
from services.month.snoozing import last_snooze
from texts.catalogue import Texts


def standing_parts(acting: Acting, say: Texts) -> list[Part]:
    """Nothing where nothing stands."""
    until = _snoozed(acting)
    snoozed = [Text(say("snooze.standing", day=say.weekday(municipal_day(until))))] if until else []
    return [*(stands(acting, say, one) for one in standing_leaves(acting).values()), *snoozed]


def standing_buttons(acting: Acting, say: Texts) -> list[Button]:
    leaves, until = standing_leaves(acting), _snoozed(acting)
    leave = [Button(say("leave.cancel"), "cancel_leave", {"leaves": list(leaves)})] if leaves else []
    return [*leave, *([Button(say("snooze.cancel"), "cancel_snooze")] if until else [])]


def _snoozed(acting: Acting) -> datetime | None:
    until = last_snooze(acting).until
    return until if until is not None and until > acting.now else None
