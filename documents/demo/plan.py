"""Which children live where in the demo municipality: the plan that the placements are made from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Child:
    """Age at the end of the asked month, or when the placement ended; `months` since the start or a move.

    `story` names what is special about the last months' reports, `ended` the months since the end.
    """

    unit: str
    worker: str
    age: int
    story: str = ""
    months: int | None = None
    moved_from: str = ""
    moved_why: str = ""
    ended: int | None = None
    why: str = ""


# 46 open placements: 28 aged 18-20, 11 aged 16-17 and 7 aged 0-15 (requirements, section J).
OPEN: tuple[Child, ...] = (
    Child("HVB-01", "anna", 19, "statement"),
    Child("HVB-02", "anna", 17, "in_a_row"),
    Child("HVB-03", "anna", 18, "concern"),
    Child("STB-01", "anna", 18, "statement"),
    Child("HVB-08", "anna", 18, "turns_18"),
    Child("HVB-06", "anna", 19, "statement", months=19),
    Child("STB-02", "anna", 19, "statement"),
    Child("HVB-01", "bilal", 16, "statement"),
    Child("HVB-01", "bilal", 18, "statement"),
    Child("HVB-04", "bilal", 17, "gap"),
    Child("STB-01", "bilal", 19, "statement"),
    Child("HVB-03", "bilal", 17, "statement"),
    Child("HVB-01", "cecilia", 18, months=1, moved_from="HVB-03", moved_why="quality"),
    Child("HVB-02", "cecilia", 18),
    Child("HVB-04", "cecilia", 18, months=14, moved_from="HVB-05", moved_why="quality"),
    Child("STB-01", "cecilia", 18),
    Child("STB-02", "cecilia", 18, months=5, moved_from="HVB-01", moved_why="age"),
    Child("HVB-02", "david", 20),
    Child("HVB-05", "david", 18),
    Child("HVB-06", "david", 20, months=26),
    Child("STB-01", "david", 20, months=7, moved_from="HVB-02", moved_why="quality"),
    Child("STB-02", "david", 20),
    Child("HVB-07", "elin", 18, months=15, moved_from="HVB-05", moved_why="quality"),
    Child("HVB-02", "elin", 19),
    Child("HVB-05", "elin", 19),
    Child("STB-01", "elin", 19),
    Child("HVB-03", "elin", 19),
    Child("STB-01", "gustav", 18, "no_worker"),
    Child("HVB-01", "fatima", 17),
    Child("HVB-02", "fatima", 17),
    Child("HVB-04", "fatima", 15),
    Child("FAM-01", "fatima", 7),
    Child("JOU-01", "fatima", 4),
    Child("HVB-03", "hanna", 16),
    Child("HVB-05", "hanna", 16),
    Child("FAM-01", "hanna", 12, months=16, moved_from="JOU-02", moved_why="quality"),
    Child("FAM-02", "hanna", 14),
    Child("JOU-01", "hanna", 16),
    Child("HVB-07", "johan", 17),
    Child("HVB-08", "johan", 17),
    Child("FAM-02", "johan", 19, months=20, moved_from="JOU-01", moved_why="planned"),
    Child("FAM-03", "johan", 13),
    Child("HVB-01", "lena", 19),
    Child("FAM-01", "lena", 18),
    Child("JOU-02", "lena", 10),
    Child("JOU-02", "lena", 19),
)
# The own foster homes are never asked about, and the new unit's children came in the running month.
NOT_ASKED: tuple[Child, ...] = (
    Child("KFH", "bilal", 11),
    Child("KFH", "lena", 6),
    Child("KFH", "johan", 15),
    Child("HVB-09", "fatima", 17, "new"),
    Child("HVB-09", "johan", 16, "new"),
)
ENDED: tuple[Child, ...] = (
    Child("HVB-10", "ingrid", 18, months=14, ended=15, why="planerad avslutning"),
    Child("HVB-10", "gustav", 19, months=20, ended=14, why="planerad avslutning"),
    Child("HVB-01", "ingrid", 20, months=22, ended=9, why="planerad avslutning"),
    Child("HVB-01", "david", 17, months=12, ended=15, why="hemflytt"),
    Child("HVB-02", "elin", 20, months=24, ended=11, why="ålder"),
    Child("HVB-03", "cecilia", 18, months=15, ended=6, why="planerad avslutning"),
    Child("HVB-03", "anna", 17, months=10, ended=13, why="hemflytt"),
    Child("HVB-05", "fatima", 16, months=14, ended=10, why="hemflytt"),
    Child("HVB-05", "david", 20, months=18, ended=11, why="planerad avslutning"),
    Child("HVB-06", "ingrid", 19, months=16, ended=8, why="planerad avslutning"),
    Child("HVB-07", "gustav", 18, months=9, ended=14, why="hemflytt"),
    Child("HVB-08", "bilal", 18, months=13, ended=7, why="planerad avslutning"),
    Child("STB-01", "gustav", 20, months=26, ended=4, why="ålder"),
    Child("STB-01", "elin", 20, months=20, ended=10, why="ålder"),
    Child("STB-02", "bilal", 20, months=18, ended=6, why="ålder"),
    Child("FAM-02", "ingrid", 18, months=30, ended=12, why="planerad avslutning"),
    Child("JOU-01", "hanna", 9, months=6, ended=8, why="hemflytt"),
    Child("JOU-01", "fatima", 15, months=7, ended=15, why="planerad avslutning"),
    Child("JOU-02", "lena", 12, months=8, ended=7, why="hemflytt"),
    Child("JOU-02", "ingrid", 14, months=9, ended=14, why="hemflytt"),
)
