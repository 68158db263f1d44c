"""A file that is fetched by a link: made when the link is opened, for the one who asked, once."""

from collections.abc import Mapping
from typing import Any

from followup.messages.message import LinkKind
from services.acting import Acting
from storage.messages import links


def link_to(acting: Acting, kind: LinkKind, subject: Mapping[str, Any]) -> str:
    """Its secret; whether she may have the file has been asked by whoever makes up the subject."""
    return links.issue(acting.tx, kind, subject, acting.now, person_id=acting.person.id, once=True)
