"""Encryption of what is secret at rest: free text, birth dates, aliases, kept replies."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    """Seals with the first key and opens with any, so that keys can be rotated."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._newest = Fernet(keys[0])
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        return self._fernet.decrypt(sealed).decode()

    def seal_some(self, text: str | None) -> bytes | None:
        return None if text is None else self.seal(text)

    def open_some(self, sealed: bytes | None) -> str | None:
        return None if sealed is None else self.open(sealed)

    def open_if_known(self, sealed: bytes | None) -> str | None:
        """None also where no key opens it."""
        try:
            return self.open_some(sealed)
        except InvalidToken:
            return None

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the first key sealed it."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def reseal(self, sealed: bytes) -> bytes | None:
        """The same text under the first key; None where no key opens it."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            return None


def new_key() -> str:
    return Fernet.generate_key().decode()


def is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True
