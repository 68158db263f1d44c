"""The bench that measures registers of any size does all that it measures, on a small one."""

from pathlib import Path

from bench.scale_register import Size, built
from bench.scale_row import HEAD, row


def test_a_row_of_the_table_has_every_figure(tmp_path: Path) -> None:
    size, url = Size(45), f"sqlite:///{tmp_path / 'register.db'}"
    built(url, size).close()
    cells = row(url, size, "1.5 s").strip("|\n").split("|")
    assert len(cells) == len(HEAD)
    assert cells[0].strip() == "45 (3)"
    assert all(any(sign.isdigit() for sign in cell) for cell in cells)
