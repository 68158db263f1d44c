"""Which agreements a placement has: by how it is contracted, none where nobody has said (requirements R26–R28)."""

from collections.abc import Iterator
from dataclasses import dataclass

from followup.clocks.clock import Relief

AGREEMENTS: frozenset[Relief] = frozenset({"call_off", "individual", "deviation"})
_FRAMEWORK, _OWN_REGI = "framework", "in_house"
_SETTLED = ("on_file", "not_applicable")


@dataclass(frozen=True, kw_only=True)
class Agreements:
    """What the register says of one placement; `followed` is whether anybody provides its care for the municipality.

    `contracted` is how its care is contracted, None where nobody has said; a deviation is documented with its reason.
    """

    followed: bool
    contracted: str | None
    call_off: str | None = None
    individual: str | None = None
    deviation: str | None = None
    reason: str | None = None

    @property
    def there(self) -> frozenset[Relief]:
        """Those that are on file, or not called for."""
        if not self.followed or self.contracted == _OWN_REGI:
            return AGREEMENTS
        return frozenset(self._there())

    def _there(self) -> Iterator[Relief]:
        """A framework agreement is called off; what stands outside one is a deviation."""
        on_framework = self.contracted == _FRAMEWORK
        if not on_framework or self.call_off in _SETTLED:
            yield "call_off"
        if self.individual in _SETTLED:
            yield "individual"
        if on_framework or self.deviation == "not_applicable" or (self.deviation == "yes" and self.reason):
            yield "deviation"
