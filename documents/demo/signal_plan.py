"""How much has happened at each unit of the demo municipality: steady, rising lately, or bad a year ago."""

from dataclasses import dataclass
from typing import Literal

# As the file of signals says them.
SignalWord = Literal["klagomål", "avvikelse", "synpunkt", "omplacering"]
COMPLAINT: SignalWord = "klagomål"
DEVIATION: SignalWord = "avvikelse"
REMARK: SignalWord = "synpunkt"
MOVE: SignalWord = "omplacering"


@dataclass(frozen=True)
class Wave:
    """So many signals of one type at a unit, between two ages in months before the asked month."""

    unit: str
    kind: SignalWord
    count: int
    oldest: int = 23
    newest: int = 1
    tone: str = ""


WAVES: tuple[Wave, ...] = (
    # Rising lately: red.
    Wave("HVB-03", COMPLAINT, 6, 23, 5),
    Wave("HVB-03", COMPLAINT, 9, 2, 0),
    Wave("HVB-03", DEVIATION, 2, 2, 0),
    Wave("HVB-03", DEVIATION, 2, 20, 8),
    # A bad period a year ago, mended since.
    Wave("HVB-05", COMPLAINT, 14, 18, 15),
    Wave("HVB-05", DEVIATION, 4, 18, 15),
    Wave("HVB-05", COMPLAINT, 2, 10, 6),
    # Too much for half a year, and most of it lately: red.
    Wave("HVB-02", COMPLAINT, 8, 2, 0),
    Wave("HVB-02", COMPLAINT, 1, 5, 3),
    Wave("HVB-02", COMPLAINT, 1, 23, 9),
    Wave("HVB-02", DEVIATION, 2, 5, 0),
    # A small unit with a few things at once: yellow.
    Wave("HVB-07", COMPLAINT, 2, 1, 0),
    Wave("HVB-07", COMPLAINT, 1, 5, 3),
    Wave("HVB-07", DEVIATION, 1, 1, 0),
    # A short bad period, long ago.
    Wave("JOU-02", COMPLAINT, 4, 18, 16),
    # Steady and low.
    Wave("HVB-01", COMPLAINT, 6),
    Wave("HVB-01", DEVIATION, 4),
    Wave("HVB-04", COMPLAINT, 3),
    Wave("HVB-04", DEVIATION, 2),
    Wave("HVB-06", COMPLAINT, 1, 20, 5),
    Wave("HVB-06", DEVIATION, 1, 20, 5),
    Wave("HVB-08", COMPLAINT, 2, 20, 4),
    Wave("HVB-08", DEVIATION, 1, 20, 4),
    Wave("STB-01", COMPLAINT, 4),
    Wave("STB-01", DEVIATION, 3),
    Wave("STB-02", COMPLAINT, 3),
    Wave("STB-02", DEVIATION, 1),
    Wave("FAM-01", COMPLAINT, 1, 20, 4),
    Wave("FAM-01", DEVIATION, 1, 20, 4),
    Wave("FAM-02", COMPLAINT, 1, 20, 4),
    Wave("JOU-01", COMPLAINT, 1, 20, 5),
    Wave("JOU-01", DEVIATION, 1, 20, 5),
    Wave("HVB-01", REMARK, 2, tone="beröm"),
    Wave("HVB-05", REMARK, 2, 6, 0, tone="beröm"),
    Wave("STB-02", REMARK, 2, tone="beröm"),
    Wave("FAM-01", REMARK, 2, tone="beröm"),
    Wave("HVB-02", REMARK, 2, tone="kritik"),
    Wave("STB-01", REMARK, 2, tone="kritik"),
    Wave("JOU-01", REMARK, 1, tone="kritik"),
)
