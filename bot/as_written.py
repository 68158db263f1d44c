"""Text as it was written: Teams reads what a card says as Markdown, and nobody here writes any.

A backslash before the sign would not do: some of Teams' clients show it, and some take the sign all the same. So what
would begin something is parted by what cannot be seen, or stands as the sign that looks like it. Lists stay as lists.
"""

import re

_STARS = str.maketrans("*", "∗")
# Within a word an underscore is only an underscore.
_UNDERSCORES = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
# Between the two halves of a link, and after a backslash that would swallow itself.
_JOINT = re.compile(r"(?<=\])(?=[(:])|(?<=\\)(?=[!-/:-@\[-`{-~])")
_WORD_JOINER = "\u2060"
# Most of what a card says holds no sign that begins anything.
_PLAIN = re.compile(r"[^*_\]\\\r\n]*")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def as_written(text: str) -> str:
    """The same to read in every client; a line break, of which Teams wants two, is kept."""
    if _PLAIN.fullmatch(text):
        return text
    parted = _JOINT.sub(_WORD_JOINER, text.translate(_STARS))
    return _LINE_BREAK.sub("\n\n", _UNDERSCORES.sub(lambda found: "ˍ" * len(found[0]), parted))
