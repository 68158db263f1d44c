"""The particular events of the demo municipality: lex Sarah, violence, the authority's own faults, the newest ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from documents.demo.signal_plan import COMPLAINT, DEVIATION, REMARK, SignalWord

_LEX_SARAH = {"Märkning": "lex Sarah", "Källa": "utföraren"}


@dataclass(frozen=True)
class DemoSignal:
    """One particular signal; `months` before the asked month, or `days` before today."""

    unit: str
    kind: SignalWord
    text: str
    months: int | None = None
    days: int = 0
    consequence: str = "2"
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    same_as: str = ""
    name: str = ""


EVENTS: tuple[DemoSignal, ...] = (
    DemoSignal(
        "HVB-05",
        DEVIATION,
        "Personal använde tvångsåtgärd utan lagstöd. Utföraren har gjort en lex Sarah-rapport.",
        months=16,
        consequence="3",
        action="Utredningen är avslutad och ny ledning är på plats.",
        values=_LEX_SARAH,
    ),
    DemoSignal(
        "HVB-02",
        DEVIATION,
        "Uteblivna samtal och bristande tillsyn under två veckor, lex Sarah-rapport från utföraren.",
        months=8,
        consequence="3",
        action="Handlingsplan inlämnad och följd.",
        values=_LEX_SARAH,
    ),
    DemoSignal(
        "STB-01",
        DEVIATION,
        "Personal lånade pengar av en boende. Lex Sarah-rapport från utföraren.",
        months=0,
        consequence="3",
        action="Personen är avstängd, utredning pågår.",
        values=_LEX_SARAH,
    ),
    DemoSignal(
        "JOU-02",
        DEVIATION,
        "Barnet uppger sig ha blivit slaget i jourhemmet. Barnet flyttades samma dag.",
        months=16,
        consequence="4",
        action="Polisanmält. Jourhemmet används inte längre.",
        values={"Märkning": "våld", "Källa": "barn eller ung"},
    ),
    DemoSignal(
        "HVB-01",
        DEVIATION,
        "Vårdplanen hade inte skickats till boendet när placeringen började.",
        months=6,
        action="Tas upp i det egna förbättringsarbetet.",
        values={"Orsak hos": "myndigheten", "Källa": "egen iakttagelse"},
    ),
    DemoSignal(
        "FAM-01",
        COMPLAINT,
        "Vårdnadshavaren får inget svar från socialtjänsten om umgänget.",
        months=9,
        values={"Orsak hos": "myndigheten", "Källa": "vårdnadshavare"},
    ),
    DemoSignal(
        "HVB-04",
        COMPLAINT,
        "Klagomålet visade sig gälla ett annat boende.",
        months=10,
        values={"Avskriven": "ja", "Källa": "annan"},
    ),
    DemoSignal(
        "HVB-03",
        COMPLAINT,
        "Ungdomen hölls fast i en dörröppning under ett bråk, säger vårdnadshavaren.",
        months=1,
        name="dörren",
        values={"Källa": "vårdnadshavare"},
    ),
    DemoSignal(
        "HVB-03",
        DEVIATION,
        "Handgemäng i korridoren, personalen ställde sig i dörröppningen.",
        months=1,
        same_as="dörren",
        values={"Källa": "utföraren"},
    ),
    DemoSignal(
        "HVB-03", COMPLAINT, "Kvällspersonalen svarar inte i telefon när ungdomen vill bli hämtad.", days=4
    ),
    DemoSignal(
        "JOU-01", COMPLAINT, "Barnets kläder följde inte med efter umgänget.", days=11, consequence="1"
    ),
    DemoSignal(
        "HVB-02",
        DEVIATION,
        "Dörren till personalrummet stod olåst under natten.",
        days=9,
        consequence="1",
        values={"Källa": "utföraren", "Inträffat": "påtaglig risk"},
    ),
    DemoSignal(
        "STB-02",
        REMARK,
        "Den unge är nöjd med stödet inför flytten till egen lägenhet.",
        days=6,
        consequence="",
        values={"Källa": "barn eller ung", "Ton": "beröm"},
    ),
)
