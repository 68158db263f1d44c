"""Encryption of what is secret at rest, and the keys that sign the access log, each derived from one that seals."""

import hmac
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LOG_KEY, LOG_KEY_ID = b"uppfoljaren access log", b"uppfoljaren access log key id"
TEXTS = b"uppfoljaren texts"
# How each sealed text begins, and that it is sealed in this way; Fernet's own, in base64, begin with a letter.
_BY_GCM = b"\x01"
_ONCE = 12
_BEGINNING = len(_BY_GCM) + _ONCE


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
    """Seals with the first key and opens with any, so that keys can be rotated.

    By AES-GCM with 96 random bits for each text; what begins otherwise was sealed by Fernet, until November 2026.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._ciphers = [AESGCM(_derived(urlsafe_b64decode(key), TEXTS, 32)) for key in keys]
        self._fernets = [Fernet(key) for key in keys]
        self.log_keys = [LogKey.from_sealing_key(key) for key in keys]

    @property
    def log_key(self) -> LogKey:
        """The one that signs."""
        return self.log_keys[0]

    def seal(self, text: str) -> bytes:
        once = urandom(_ONCE)
        return _BY_GCM + once + self._ciphers[0].encrypt(once, text.encode(), _BY_GCM)

    def open(self, sealed: bytes) -> str:
        """Raises InvalidToken where no key opens it."""
        for number in range(len(self._ciphers)):
            with suppress(InvalidTag, InvalidToken):
                return self._opened_by(number, sealed)
        raise InvalidToken

    def _opened_by(self, number: int, sealed: bytes) -> str:
        if not sealed.startswith(_BY_GCM):
            return self._fernets[number].decrypt(sealed).decode()
        once, closed = sealed[len(_BY_GCM) : _BEGINNING], sealed[_BEGINNING:]
        if len(once) < _ONCE:
            raise InvalidToken
        return self._ciphers[number].decrypt(once, closed, _BY_GCM).decode()

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
            self._opened_by(0, sealed)
        except (InvalidTag, InvalidToken):
            return False
        return True

    def reseal(self, sealed: bytes) -> bytes | None:
        """The same text under the first key; None where no key opens it."""
        return self.seal_some(self.open_if_known(sealed))


def new_key() -> str:
    return Fernet.generate_key().decode()


def is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True
