"""The bench that measures registers of any size does all that it measures, on a small one."""

from pathlib import Path

from bench.scale import HEAD, row
from bench.scale_register import Size, built


def test_a_row_of_the_table_has_every_figure(tmp_path: Path) -> None:
    size, path = Size(45), tmp_path / "register.db"
    built(path, size).close()
    cells = row(path, size, 1.5).strip("|\n").split("|")
    assert len(cells) == len(HEAD)
    assert cells[0].strip() == "45 (3)"
    assert all(any(sign.isdigit() for sign in cell) for cell in cells)
