"""Encryption of what is secret at rest, and the keys that sign the access log, each derived from one that seals."""

import hmac
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LOG_KEY, LOG_KEY_ID = b"uppfoljaren access log", b"uppfoljaren access log key id"


@dataclass(frozen=True)
class LogKey:
    """Signs the access log; its id says which it is and nothing of what it is."""

    id: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "LogKey":
        return cls(_derived(secret, LOG_KEY_ID, 8).hex(), secret)

    @classmethod
    def from_sealing_key(cls, key: str) -> "LogKey":
        return cls.of(_derived(urlsafe_b64decode(key), LOG_KEY, 32))

    def sign(self, message: bytes) -> str:
        return hmac.digest(self.secret, message, "sha256").hex()


def _derived(key: bytes, label: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=label).derive(key)


class Vault:
    """Seals with the first key and opens with any, so that keys can be rotated."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._newest = Fernet(keys[0])
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self.log_keys = [LogKey.from_sealing_key(key) for key in keys]

    @property
    def log_key(self) -> LogKey:
        """The one that signs."""
        return self.log_keys[0]

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
