"""Text that was read under another character table than it was written in, known by the words that it spoils."""

import re
from collections.abc import Iterable

from followup.wording.wording import Wording, wording

_LOST = "\N{REPLACEMENT CHARACTER}"
_LETTERS = "".join(map(chr, range(0xC0, 0x100)))
# UTF-8 read as something else: each letter has become two signs that never stand together, as ö in "SjÃ¶berg".
_TWICE = re.compile(
    "|".join(
        sorted(
            {
                re.escape(letter.encode().decode(page, errors="ignore"))
                for page in ("latin-1", "cp1252", "mac_roman", "cp850", "cp437")
                for letter in _LETTERS
                if len(letter.encode().decode(page, errors="ignore")) == 2
            }
        )
    )
)
_LOWER, _UPPER, _CONSONANT = "[a-zåäöéü]", "[A-ZÅÄÖÉÜ]", "[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]"
# A Mac's å, ä, é and ö are read as Œ, Š, Ž and š. The last stands in many names from other languages, beside a
# vowel; between consonants, where no vowel is near, it was an ö: "Sjšberg", but not "Dušan", "Krško" or "Pernštejn".
_MAC = re.compile(
    rf"{_LOWER}[ŒŠŽ]|{_UPPER}[ŒŠ]{_LOWER}|{_UPPER}[€…]{_UPPER}|kšping"
    rf"|\b(?!Krš){_CONSONANT}+š(?:{_CONSONANT}|\b)|{_CONSONANT}{{2}}(?<!Kr)š(?!tej)(?:{_CONSONANT}|\b)"
)
# DOS's å, ä, ö and é are read as signs that never stand within a word: "H†kan", "V„ster†s", "Bj”rn".
_DOS = re.compile(rf"[^\W\d][†„”‚][^\W\d]|{_LOWER}†|(?<!\w)†{_LOWER}{{2}}|™{_LOWER}{{2}}|{_UPPER}™{_UPPER}")


def spoilt_text(text: str) -> Wording | None:
    """What has become of a text whose every spoilt word can be told."""
    if _LOST in text:
        return wording("import.spoilt.lost")
    return wording("import.spoilt.twice") if not text.isascii() and _TWICE.search(text) else None


def spoilt_page(texts: Iterable[str]) -> Wording | None:
    """What the whole was written in, where one word tells it: the others may look right and be wrong."""
    for text in texts:
        if text.isascii():
            continue
        for page, pattern in (("mac", _MAC), ("dos", _DOS)):
            if pattern.search(text):
                return wording(f"import.spoilt.{page}")
    return None
