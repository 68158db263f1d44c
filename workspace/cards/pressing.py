"""A card as a page: its buttons are forms that press the same verb, taken once, and told of as the chat tells of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from dialogs.card import Button, Card, Field, Text
from dialogs.commands.registered import VERBS
from dialogs.switchboard import by_press, prepared_for, read_much, told_of
from dialogs.turn import Press, ReadBefore, Reply, Said, Stored, Turn, read_now
from followup.log.subject import What
from followup.people import Conversation
from workspace.cards.addresses import CARD_PAGES, CardPage, named_in, page_behind
from workspace.frame.answer import DeedDone, NoSuchPage, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import DeedOf, Entry, LongWork, PageOf
from workspace.frame.pressed import PressedButton, read_pressed
from workspace.frame.visit import DRAFTS, Visit, key_of

# What every form of ours carries beside what is typed in it.
CARRIED = frozenset({"token", "nonce", "press", DRAFTS})


def opened(page: CardPage) -> Callable[[Visit], PageAnswer]:
    """The card that the button opens in the chat."""

    def show(visit: Visit) -> PageAnswer:
        data: dict[str, object] = {}
        if page.about:
            named = named_in(page.about, visit.asked.named.get("number", ""))
            if named is None:
                return refused(visit.acting.refuse(What.VERB.of(page.verb)))
            data = {page.about: named}
        reply = by_press(turn_of(visit, page.verb, data, {}), None)
        # What there is not, and what she may not know of, is told in one and the same way.
        return NoSuchPage() if reply.card is None and page.about else drawn(visit, reply)

    return show


def press(visit: Visit) -> PageAnswer:
    """What was pressed is what the form says, and is trusted no more than what a client in Teams sends."""
    pressed = read_pressed(visit.asked.sent("press"))
    if pressed is None:
        return NoSuchPage()
    read = visit.read_before if isinstance(visit.read_before, ReadBefore) else None
    reply = by_press(replace(_turn(visit, pressed), read=read, ready=visit.read_before), None)
    if reply.effect is None or not visit.asked.nonce:
        return _shown(visit, pressed, reply)
    # The verb says how what is told of it is logged, so it is kept where nobody else can name another.
    effect = {"what": reply.effect.what, "numbers": dict(reply.effect.numbers)}
    return DeedDone(Stored("pressed", {"verb": pressed.verb, "effect": effect}), reply.effect)


def _shown(visit: Visit, pressed: PressedButton, reply: Reply) -> PageAnswer:
    if reply.to_read is None:
        return drawn(visit, reply)
    return ShownAgain(lambda later: drawn(later, read_now(_turn(later, pressed), reply)))


def read_beside(visit: Visit) -> ReadBefore | LongWork | None:
    """What the button shows, where it reads much and changes nothing, or what takes long of what it does."""
    pressed = read_pressed(visit.asked.sent("press"))
    verb = VERBS.get(pressed.verb) if pressed else None
    if pressed is None or verb is None:
        return None
    turn = _turn(visit, pressed)
    work = prepared_for(visit.tx, visit.person, turn.said, visit.now, visit.municipality)
    return LongWork(work) if work else read_much(turn, verb)


def _turn(visit: Visit, pressed: PressedButton) -> Turn:
    typed = {name: value for name, value in visit.typed.items() if name not in CARRIED}
    return turn_of(visit, pressed.verb, pressed.data, typed if pressed.takes_inputs else {})


def told(visit: Visit) -> PageAnswer:
    """The receipt of what her form stored, drawn from what she may see now."""
    newest = next(iter(visit.stored("pressed")), None)
    if newest is None:
        return NoSuchPage()
    effect = newest.numbers["effect"]
    kept = Stored(effect["what"], effect["numbers"], visit.now)
    return drawn(visit, told_of(turn_of(visit, newest.numbers["verb"], {}, {}), kept))


def turn_of(visit: Visit, verb: str, data: Mapping[str, object], typed: Mapping[str, str]) -> Turn:
    """As the verb's button would be pressed in the chat."""
    nonce = visit.asked.nonce or visit.receipt
    said = Said(key_of(visit.person), "", "", "", press=Press(verb, {**data, "nonce": nonce}, typed))
    return Turn(visit.tx, said, visit.person, visit.now, visit.say, visit.municipality)


def drawn(visit: Visit, reply: Reply) -> PageAnswer:
    """Where there is no card, what is said stands with all that was typed, which is nowhere else by now."""
    card = reply.card
    if card is None:
        return _kept(visit, reply.notice or reply.text)
    wrong = any(isinstance(one, Field) and one.problem for one in card.parts)
    values = {
        "card": card,
        "said": reply.notice,
        "value_of": lambda button: value_of(card, button),
        "page_behind": page_behind,
        "wrong": wrong,
    }
    title = next(
        (one.text for one in card.parts if isinstance(one, Text) and one.tone == "title"), card.summary
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    # A card's summary stands in notifications, so it names no child; its title may.
    return Shown("card.html", card.summary, {**values, "title": title}, status)


def _kept(visit: Visit, said: str) -> Shown:
    typed = [value for name, value in visit.typed.items() if name not in CARRIED and len(value) > 10]
    return Shown("kept.html", visit.say("page.kept"), {"said": said, "typed": typed}, HTTPStatus.CONFLICT)


def value_of(card: Card, button: Button) -> str:
    """What a form's button sends, as the card's would."""
    return PressedButton(button.verb, {**card.data, **button.data}, button.takes_inputs).sent()


OFFERED: tuple[Entry, ...] = (
    *(
        PageOf(one.route, VERBS[one.verb].conversation, opened(one), reads_much=one.reads_much, tab=one.tab)
        for one in CARD_PAGES
    ),
    PageOf("/kort", Conversation.HELP, told, reads_much=True),
    DeedOf("/kort", Conversation.HELP, press, "/kort", before=read_beside),
)
