"""The protocol of a decision to delete (gallringsprotokoll): who decided, by which plan, what went and what stayed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from documents.case_file.pdf import Document, Section
from followup.clocks.retention import Exemption
from services.retention.carrying_out import Protocol
from storage.retention.purge_classes import PurgeClass
from storage.retention.purges import PurgeCase
from texts.catalogue import Texts


@dataclass(frozen=True)
class Left:
    """What the bot does not delete: its backups, until the last is replaced, files and units' texts that name a child.

    `last_copy_gone` is None where it takes no backups by itself.
    """

    copies: int
    last_copy_gone: date | None
    files: Sequence[str]
    texts: Sequence[str]


def purge_document(done: Protocol, left: Left, municipality: str, made_at: datetime, say: Texts) -> Document:
    return Document(
        title=say("purge.title", number=done.purge.number),
        header=municipality,
        secrecy=say("purge.secrecy"),
        lines=tuple(_lines(done, left, made_at, say)),
        sections=(
            Section(
                say("purge.deleted"),
                "" if done.deleted else say("purge.nothing_deleted"),
                columns=[say(f"purge.column.{one}") for one in ("case", "last", "why", "rows")],
                widths=(3, 3, 4, 2),
                rows=[_deleted(one, say) for one in done.deleted],
            ),
            Section(
                say("purge.held"),
                "" if done.held else say("purge.nothing_held"),
                columns=[say(f"purge.column.{one}") for one in ("case", "because")],
                widths=(1, 3),
                rows=[_held(one, say) for one in done.held],
            ),
            Section(
                say("purge.classes"),
                "" if done.classes else say("purge.no_classes"),
                columns=[say(f"purge.column.{one}") for one in ("class", "plan", "before", "rows")],
                widths=(4, 4, 2, 1),
                rows=[_class(one, say) for one in done.classes],
            ),
            Section(
                say("purge.tables"),
                columns=[say(f"purge.column.{one}") for one in ("table", "rows")],
                widths=(3, 1),
                rows=[(name, str(number)) for name, number in sorted(_totals(done).items())],
            ),
        ),
        language=say.language,
    )


def _lines(done: Protocol, left: Left, made_at: datetime, say: Texts) -> Iterator[str]:
    yield say("purge.made", at=made_at)
    yield say("purge.source", source=done.purge.plan["source"])
    for seat, name, at in done.names:
        yield say(f"purge.by.{seat}", name=name, at=at)
    yield say("purge.beside", messages=done.messages, answers=done.answers)
    yield say("purge.reasons", n=done.reasons)
    yield say("purge.log")
    if left.last_copy_gone is None:
        yield say("purge.no_copies")
    else:
        yield say("purge.copies", n=left.copies, day=left.last_copy_gone)
    for one in left.files:
        yield say("purge.by_hand", path=one)
    for one in left.texts:
        yield say("purge.named_in", number=one)


def _deleted(one: PurgeCase, say: Texts) -> tuple[str, ...]:
    rows = sum((one.deleted or {}).values())
    return one.reference or one.digest[:16], say.write(one.last_on), exempt(one.exemptions, say), str(rows)


def _held(one: PurgeCase, say: Texts) -> tuple[str, ...]:
    return one.reference or one.digest[:16], say(f"retention.hold.{one.kept_because}")


def _class(one: PurgeClass, say: Texts) -> tuple[str, ...]:
    rows = sum(one.deleted.values())
    called = say(f"retention.class.{one.name}")
    return called, one.due.term.source, say.write(one.due.before), str(rows)


def exempt(exemptions: Sequence[Exemption], say: Texts) -> str:
    """Why what is said of the child is kept in the personal file, and so only the bot's copy went."""
    if not exemptions:
        return say("retention.exempt.none")
    return ", ".join(say(f"retention.exempt.{one}") for one in exemptions)


def _totals(done: Protocol) -> Mapping[str, int]:
    totals: dict[str, int] = {}
    for one in (*(case.deleted or {} for case in done.deleted), *(found.deleted for found in done.classes)):
        for name, number in one.items():
            totals[name] = totals.get(name, 0) + number
    return totals


def purge_data(done: Protocol, left: Left, made_at: datetime) -> dict[str, Any]:
    return {
        "number": done.purge.number,
        "plan": dict(done.purge.plan),
        "proposed_at": done.purge.proposed_at.isoformat(),
        "decided": [{"seat": seat, "name": name, "at": at.isoformat()} for seat, name, at in done.names],
        "made_at": made_at.isoformat(),
        "deleted": [
            {
                "case": one.reference,
                "digest": one.digest,
                "last_on": one.last_on.isoformat(),
                "exemptions": list(one.exemptions),
                "rows": dict(one.deleted or {}),
            }
            for one in done.deleted
        ],
        "held": [{"case": one.reference, "because": one.kept_because} for one in done.held],
        "classes": [
            {
                "class": one.name,
                "months": one.due.term.months,
                "source": one.due.term.source,
                "before": one.due.before.isoformat(),
                "rows": dict(one.deleted),
            }
            for one in done.classes
        ],
        "messages": done.messages,
        "answers": done.answers,
        "reasons": done.reasons,
        "copies": left.copies,
        "last_copy_gone": left.last_copy_gone.isoformat() if left.last_copy_gone else None,
        "files_by_hand": list(left.files),
        "named_in": list(left.texts),
    }
