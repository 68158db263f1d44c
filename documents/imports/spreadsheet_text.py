"""Text that people open in a spreadsheet: what it would run as a formula, and what its own errors look like."""

import re

# The wide signs run too.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARDED = tuple(f"'{sign}" for sign in (*_FORMULA_SIGNS, "'"))
# The errors of spreadsheets in English, Swedish and the languages around us: #SAKNAS!, #NAME?, #DIV/0!, #N/A.
_ERROR = re.compile(r"#[¡¿]?[^\W\d_][\w/]*[!?]|#(?:N/[ABD]|I/T|NV)|#{3,}")
_LIBREOFFICE_ERROR = re.compile(r"(?:Err|Fel):\d{3}")


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would otherwise take it for a formula."""
    return f"'{text}" if text.startswith((*_FORMULA_SIGNS, "'")) else text


def as_written(text: str) -> str:
    """What stood there before it was guarded."""
    return text[1:] if text.startswith(_GUARDED) else text


def is_error(text: str) -> bool:
    """Whether the whole text is what a spreadsheet shows in place of a value."""
    shouted = text == text.upper() and _ERROR.fullmatch(text)
    return bool(shouted or _LIBREOFFICE_ERROR.fullmatch(text))
