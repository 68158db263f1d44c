"""The providers of the demo municipality; all of them are made up."""

from collections.abc import Iterator

from stdnum import luhn

from documents.demo.people import Row

_PROVIDERS = {
    "vikasa": "Vikåsa kommun",
    "silverlingon": "Silverlingon Omsorg AB",
    "kvarnhumla": "Kvarnhumla Behandling AB",
    "vintertorp": "Vintertorpsgruppen AB",
    "mossviksro": "Stiftelsen Mossviksro",
    "tallnava": "Tallnäva Familjestöd AB",
    "ljungstigen": "Ljungstigens Konsulentstöd ekonomisk förening",
    "nattlykta": "Nattlyktans Jourhem AB",
    "havtornsudd": "Havtornsudds HVB AB",
    "graala": "Gråala Ungdomsvård AB",
}


def providers() -> Iterator[Row]:
    for key, name in _PROVIDERS.items():
        yield {
            "Organisationsnummer": org_number(key),
            "Utförare": name,
            "Kontakt": f"kontakt@{key}.example",
        }


def org_number(provider: str) -> str:
    """In the series 559900, which the Companies Registration Office has not reached, with a true check digit."""
    digits = f"559900{101 + list(_PROVIDERS).index(provider)}"
    return f"559900-{digits[6:]}{luhn.calc_check_digit(digits)}"
