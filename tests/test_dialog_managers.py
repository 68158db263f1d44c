"""What managers ask: how it stands, how a provider is doing, and who has not answered; and never about a child."""

import pytest
from sqlalchemy import update

from followup import RoundId, UnitId
from followup.messages.month import Prompt, Reminder
from storage.engine.database import Database
from storage.engine.tables import delivery
from storage.messages import ledger, queueing, settling
from storage.messages.delivery import DeliveryState
from storage.register import people, units
from tests.support.builders import Register, at
from tests.support.municipality import CASES
from tests.support.turns import ANEW, SAY, SLAP, Client, october, size

BUDGET = 25_000
SECRETS = (*CASES, "2026-10-30", "30 oktober", "slag", "A-1")


def maria_in(municipality: Database) -> Client:
    return october(municipality).client("maria")


def many_units(municipality: Database, number: int, provider_name: str = "") -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        for _ in range(10):
            next(register.numbers)
        one = register.provider(provider_name) if provider_name else None
        bilal = people.by_key(tx, "bilal")
        assert bilal is not None
        for n in range(number):
            name = f"Behandlingshemmet nummer {n:02d}"
            unit = register.unit(f"M{n}", name=name, provider_id=one or register.provider(f"Bolaget {n:02d}"))
            register.placement(bilal.id, unit, case=f"AKT-M{n}", starts="2026-10-01")


def test_the_state_counts_bands_and_answers_without_any_child(municipality: Database) -> None:
    chat = october(municipality)
    anna, maria = chat.client("anna").look(), chat.client("maria")
    anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    maria.say("läge")
    assert "60\u00a0% (3 av 5)" in maria.words
    assert SAY("alerts.none") in maria.words
    assert not any(secret in maria.words for secret in SECRETS)
    assert "Anna" not in maria.words


def test_the_state_shows_an_alert_and_why_but_not_what_happened(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna").look()
    anna.press(SAY("list.open_form"), row="AKT-3")
    anna.press(SAY("report.add_signal"), {**ANEW, "feels_safe": "no"})
    anna.press(SAY("report.hand_in"), {f"s1.{name}": value for name, value in SLAP.items()})
    maria = chat.client("maria")
    for question in ("läge", "utförare södergården", "obesvarade", "larm", "hjälp"):
        maria.say(question)
        assert not any(secret in maria.words for secret in SECRETS), question
    maria.say("läge")
    assert SAY("reasons.event") in maria.words
    assert SAY("band.mark.red") in maria.words


def test_a_unit_in_the_state_opens_with_its_reasons(municipality: Database) -> None:
    chat = october(municipality)
    anna, maria = chat.client("anna"), chat.client("maria")
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**SLAP, "unit": "2"})
    maria.say("läge")
    maria.press(SAY("provider.show"), row=f"{SAY('band.mark.red')} · Södergården")
    assert SAY("provider.contract") in maria.words


@pytest.mark.parametrize("typed", ["läge", "LÄGE", "lage", "status", "läge?"])
def test_the_state_is_found_by_more_than_one_word(municipality: Database, typed: str) -> None:
    maria = maria_in(municipality)
    maria.say(typed)
    assert SAY("status.responses") in maria.words


@pytest.mark.parametrize(
    "name", ["Norrgården", "norrgarden", "norgården", "Norrgårdn", "NORRGÅRDEN HVB", " norrgården "]
)
def test_a_unit_is_found_without_exact_spelling(municipality: Database, name: str) -> None:
    maria = maria_in(municipality)
    maria.say(f"utförare {name}")
    assert "Norrgården" in maria.words
    assert "Södergården" not in maria.words
    assert SAY("provider.last_follow_up") in maria.words
    assert SAY("provider.never_followed_up") in maria.words


def test_an_ambiguous_name_gives_choices_that_can_be_pressed(municipality: Database) -> None:
    maria = maria_in(municipality)
    maria.say("utförare gården")
    assert SAY("provider.did_you_mean") in maria.words
    assert len(maria.buttons) == 2
    maria.press(maria.buttons[1])
    assert SAY("provider.last_follow_up") in maria.words


def test_a_name_written_in_full_is_found_beside_one_that_is_almost_the_same(municipality: Database) -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        register.unit("SOL", name="Villa Solgården", provider_id=register.provider("Villa Solgården AB"))
        register.unit("SOLA", name="Villa Solagården", provider_id=register.provider("Villa Solagården AB"))
    maria = october(municipality).client("maria")
    for name in ("Villa Solgården", "villa solagården AB"):
        maria.say(f"utförare {name}")
        assert name.casefold() in maria.words.casefold()
        assert SAY("provider.did_you_mean") not in maria.words
    maria.say("utförare villa sollgården")
    assert SAY("provider.did_you_mean") in maria.words


@pytest.mark.parametrize("name", ["xyzåä", "20120229-2387", "\ud800", "a**b", "{0}"])
def test_an_unknown_name_is_told_so_and_not_repeated_and_there_is_something_to_choose(
    municipality: Database, name: str
) -> None:
    maria = maria_in(municipality)
    maria.say(f"utförare {name}")
    assert SAY("provider.unknown") in maria.words
    assert name not in maria.words
    maria.press(maria.buttons[0])
    assert SAY("provider.last_follow_up") in maria.words


def test_without_a_name_all_providers_are_offered(municipality: Database) -> None:
    maria = maria_in(municipality)
    maria.say("utförare")
    assert SAY("provider.which") in maria.words
    assert len(maria.buttons) == 2


@pytest.mark.parametrize("provider_id", [None, 0, 99, "1", 10**30])
def test_a_provider_that_does_not_exist_is_told_so(municipality: Database, provider_id: object) -> None:
    maria = maria_in(municipality)
    maria.forge("show_provider", {"provider": provider_id})
    assert SAY("provider.unknown") in maria.words


def test_who_has_not_answered_is_counted_by_worker(municipality: Database) -> None:
    chat = october(municipality)
    anna, maria = chat.client("anna").look(), chat.client("maria")
    anna.press(SAY("list.send"), {f"normal{chat.task('AKT-1').id}": "true"})
    maria.say("obesvarade")
    for worker in ("Anna Test (Barn)", "Bilal Test (Barn)"):
        assert f"{worker}\n{SAY('unanswered.row', n=2)}" in maria.words
    assert not any(case in maria.words for case in CASES)


def test_a_placement_without_anyone_is_on_the_managers_list_by_unit(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).placement(None, UnitId(1), case="AKT-INGEN", starts="2026-10-01")
    maria = maria_in(municipality)
    maria.say("obesvarade")
    assert SAY("unanswered.ownerless", n=1) in maria.words
    assert "• Norrgården" in maria.words
    assert "AKT-INGEN" not in maria.words


def test_when_everybody_has_answered_it_is_said(municipality: Database) -> None:
    chat = october(municipality)
    for key in ("anna", "bilal"):
        client = chat.client(key).look()
        client.press(SAY("list.send"), dict.fromkeys(client.inputs, "true"))
    maria = chat.client("maria")
    maria.say("obesvarade")
    assert SAY("unanswered.none") in maria.words


@pytest.mark.parametrize("question", ["läge", "utförare", "obesvarade", "larm"])
def test_no_answer_outgrows_a_card_in_a_large_municipality(municipality: Database, question: str) -> None:
    many_units(municipality, 40)
    maria = maria_in(municipality)
    maria.say(question)
    assert size(maria.card) < BUDGET


def test_a_provider_with_many_units_shows_the_worst_and_says_how_many_more(municipality: Database) -> None:
    many_units(municipality, 25, "Koncernen")
    chat = october(municipality)
    karin, maria = chat.client("karin"), chat.client("maria")
    with municipality.transaction() as tx:
        worst = max(one.id for one in units.followed_units(tx))
    karin.say("avvikelse")
    karin.press(SAY("signal.hand_in"), {**SLAP, "unit": str(worst)})
    maria.say("utförare koncernen")
    assert SAY("evidence.more", n=10) in maria.words
    assert maria.words.index("Behandlingshemmet nummer 24") < maria.words.index("Behandlingshemmet nummer 00")
    maria.press(SAY("provider.show"), row=f"{SAY('band.mark.insufficient')} · Behandlingshemmet nummer 07")
    assert f"{SAY('band.mark.insufficient')} · Behandlingshemmet nummer 07" in maria.words
    assert "Behandlingshemmet nummer 24" not in maria.words
    assert size(maria.card) < BUDGET


@pytest.mark.parametrize("typed", ["läge", "obesvarade", "larm", "veckobrev", "brister"])
def test_a_worker_may_not_ask_what_managers_ask(municipality: Database, typed: str) -> None:
    chat = october(municipality)
    assert chat.client("anna").say(typed).text == SAY("refused.role")
    assert len(chat.refusals()) == 1


@pytest.mark.parametrize("typed", ["mina", "rätta", "signal", "ledig"])
def test_a_manager_may_not_see_what_workers_see(municipality: Database, typed: str) -> None:
    chat = october(municipality)
    assert chat.client("maria").say(typed).text == SAY("refused.role")


def test_a_manager_who_presses_a_workers_button_sees_no_child(municipality: Database) -> None:
    chat = october(municipality)
    answer = chat.client("maria").forge("open_form", {"task": chat.task("AKT-1").id})
    assert (answer.card, answer.notice) == (None, SAY("refused.role"))


def test_the_missing_reports_are_told_after_the_deadline_by_worker_and_not_by_child(
    municipality: Database,
) -> None:
    chat = october(municipality)
    chat.wake("2026-11-16 08:00")
    [told] = [one for one in chat.client("maria").shown if one.kind == "escalation"]
    assert "Bilal Test (Barn)" in told.words
    assert not any(case in told.words for case in CASES)


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("403 BotDisabledByAdmin", "unreachable.BotDisabledByAdmin"),
        ("403 BotNotInConversationRoster", "unreachable.BotNotInConversationRoster"),
        ("403 ConversationBlockedByUser", "unreachable.ConversationBlockedByUser"),
        ("403 ForbiddenOperationException", "unreachable.ForbiddenOperationException"),
        ("403 MessageWritesBlocked", "unreachable.MessageWritesBlocked"),
        ("403 NoTeamsAccount", "unreachable.NoTeamsAccount"),
        ("413 too large", "unreachable.other"),
    ],
)
def test_who_cannot_be_reached_is_named_with_why_and_what_to_do(
    municipality: Database, reason: str, text: str
) -> None:
    maria = maria_in(municipality)
    with municipality.transaction() as tx:
        bilal = people.by_key(tx, "bilal")
        assert bilal is not None
        queueing.queue(tx, "prompt:lost", Prompt(RoundId(1)), at("2026-11-03"), person_id=bilal.id)
        [waiting] = [one for one in ledger.listed(tx, ("ready",)) if one.key == "prompt:lost"]
        settling.settle(tx, waiting.id, "failed", reason=reason)
    maria.say("obesvarade")
    assert SAY("unreachable.title") in maria.words
    assert SAY(text) in maria.words


def test_who_may_not_have_got_any_of_the_months_messages_is_named_and_counted(municipality: Database) -> None:
    maria = maria_in(municipality)

    def became(prompt: DeliveryState, more: DeliveryState) -> None:
        """The question to Anna, and what has been added to it."""
        with municipality.transaction() as tx:
            anna = people.by_key(tx, "anna")
            assert anna is not None
            queueing.queue(tx, "reminder", Reminder(RoundId(1)), maria.chat.now, person_id=anna.id)
            for one in ledger.listed(tx, ("ready", "sent", "uncertain", "failed")):
                if one.person_id == anna.id:
                    settling.settle(tx, one.id, more if one.key == "reminder" else prompt)

    cases: list[tuple[DeliveryState, DeliveryState, int, int]] = [
        ("uncertain", "uncertain", 1, 1),
        ("uncertain", "sent", 2, 0),
        ("sent", "uncertain", 2, 0),
    ]
    for prompt, more, told, in_doubt in cases:
        became(prompt, more)
        for word in ("läge", "obesvarade"):
            maria.say(word)
            assert (SAY("unreachable.in_doubt_title") in maria.words) is (in_doubt == 1)
            assert SAY("unreachable.title") not in maria.words
            numbers = {"told": told, "in_doubt": in_doubt, "not_told": 0}
            assert (
                SAY("unanswered.reached" if in_doubt else "unanswered.reached_all", **numbers) in maria.words
            )
    for read in (1, 2):
        assert SAY("unanswered.read", n=read) not in maria.words
        with municipality.transaction() as tx:
            anna = people.by_key(tx, "anna")
            assert anna is not None
            arrived = update(delivery).where(delivery.c.kind == "prompt", delivery.c.state == "sent")
            hers = arrived.where(delivery.c.person_id == anna.id) if read == 1 else arrived
            tx.connection.execute(hers.values(read_at=maria.chat.now))
        for word in ("läge", "obesvarade"):
            maria.say(word)
            assert SAY("unanswered.read", n=read) in maria.words


def test_who_has_been_reached_since_is_not_named(municipality: Database) -> None:
    maria = maria_in(municipality)
    maria.say("obesvarade")
    assert SAY("unreachable.title") not in maria.words
