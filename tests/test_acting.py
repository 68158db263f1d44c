"""Who acts or reads: how far she reaches, who is reading with her, and what is refused her is logged."""

from dataclasses import replace

import pytest

from followup.access.access import DataKind, Reach
from followup.access.small_unit import Audience
from followup.log.subject import What
from followup.people import Conversation, Person, Role
from services.acting import Acting, Reader, Refused, Why
from storage.engine.database import Transaction
from storage.log import access_log
from storage.register import people
from tests.support.builders import Register, at

NOW = at("2026-11-02 09:00")


def of_role(tx: Transaction, role: Role) -> Person:
    Register(tx).person("karin", role.value)
    found = people.by_key(tx, "karin")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("role", "channel", "audience"),
    [
        (Role.QUALITY, False, Audience.QUALITY),
        (Role.QUALITY, True, Audience.CHANNEL),
        (Role.MANAGER, False, Audience.MANAGER),
        (Role.WORKER, False, Audience.WORKER),
        (Role.ADMIN, False, Audience.PUBLIC),
    ],
)
def test_where_others_look_on_everybody_reads_as_the_channel_does(
    tx: Transaction, role: Role, channel: bool, audience: Audience
) -> None:
    assert Acting(tx, of_role(tx, role), NOW, channel=channel).audience == audience


def test_nobody_in_particular_reads_as_the_channel_does_and_reaches_nothing(tx: Transaction) -> None:
    nobody = Reader(tx, None, NOW)
    assert nobody.audience == Audience.CHANNEL
    assert {nobody.reach(kind) for kind in DataKind} == {Reach.NOTHING}
    assert not any(nobody.may(one) for one in Conversation)


@pytest.mark.parametrize("role", list(Role))
def test_who_has_been_deactivated_may_nothing_and_reaches_nothing(tx: Transaction, role: Role) -> None:
    gone = Acting(tx, replace(of_role(tx, role), active=False), NOW)
    assert {gone.reach(kind) for kind in DataKind} == {Reach.NOTHING}
    assert not any(gone.may(one) for one in Conversation)


def test_what_is_refused_is_logged_as_hers_with_no_childs_record(tx: Transaction) -> None:
    karin = of_role(tx, Role.QUALITY)
    assert Acting(tx, karin, NOW).refuse(What.ALERT.of(7)) == Refused(Why.NOT_HERS)
    [logged] = access_log.everything(tx)
    assert (logged.entry.act, logged.entry.subject, logged.entry.person_id) == (
        "refused",
        What.ALERT.of(7),
        karin.id,
    )
    assert logged.entry.records == 0
