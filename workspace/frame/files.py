"""A file that a page offers: a link that works once, made when it is asked for, since no secret stands in a list."""

from dialogs.card import Download
from services.files import link_to
from workspace.frame.answer import Shown
from workspace.frame.visit import Visit


def offered_file(visit: Visit, file: Download) -> Shown:
    """Of what the page has made up itself: what it is about is never taken from a form."""
    secret = link_to(visit.acting, file.kind, file.subject)
    return Shown("file.html", file.title, {"file": file, "address": f"/links/{secret}"})
