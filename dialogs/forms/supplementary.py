"""What is shown of a unit beside the evidence and labelled so: IVO's decisions and other events."""

from dialogs.card import Part, Text
from dialogs.forms.overdue_words import overdue_sentences
from followup.follow_ups.unit_events import UnitEvent
from followup.times.contact_days import ContactDays
from services.views.supplementary import Supplementary
from texts.catalogue import Texts

MOST_SHOWN = 6


def supplementary_parts(beside: Supplementary, limits: ContactDays, say: Texts) -> list[Part]:
    """Under their own heading; nothing where there are none."""
    late = overdue_sentences(beside.overdue, limits, say) if beside.overdue else []
    ended = [say("supplementary.contract_ended", day=beside.contract_ended)] if beside.contract_ended else []
    if not (beside.events or late or ended):
        return []
    rest = len(beside.events) - MOST_SHOWN
    return [
        Text(say("supplementary.title"), "heading"),
        Text(say("supplementary.about", day=beside.since), "subtle"),
        *(Text(sentence) for sentence in (*ended, *late)),
        *(Text(_sentence(one, say)) for one in beside.events[:MOST_SHOWN]),
        *([Text(say("supplementary.more", n=rest), "subtle")] if rest > 0 else []),
    ]


def _sentence(event: UnitEvent, say: Texts) -> str:
    kind, source = say(f"choice.unit_event.{event.kind}"), event.source
    where = f"{source}, {event.link}" if event.link else source
    said = say("supplementary.event", day=event.happened_on, kind=kind, source=where)
    return f"{said} {say('supplementary.checked', day=event.checked_on)}" if event.checked_on else said
