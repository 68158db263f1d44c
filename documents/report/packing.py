"""Packs an Office file anew, so that the same content gives the same bytes whenever it is made."""

import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document

_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_CORE = "docProps/core.xml"
ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def saved(document: Document, made_at: datetime) -> bytes:
    written = BytesIO()
    document.save(written)
    return repacked(written.getvalue(), made_at)


def packed_together(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """Several files in one, by their names."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(ZipInfo(name, made_at.timetuple()[:6]), content, ZIP_DEFLATED)
    return packed.getvalue()


def repacked(content: bytes, made_at: datetime) -> bytes:
    """With every time in it set to when it is said to be made."""
    packed = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            stamp = made_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
            if name == _CORE:
                part = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", part)
            new.writestr(ZipInfo(name, made_at.timetuple()[:6]), part, ZIP_DEFLATED)
    return packed.getvalue()
