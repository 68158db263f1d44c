"""the proof of a large unit's score is kept packed, those that are there too"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_LONG, _PACKED = 100_000, "deflate:"
_score = sa.table("score", sa.column("id", sa.Integer), sa.column("inputs", sa.Text))


def upgrade() -> None:
    _rewrite(sa.func.length(_score.c.inputs) > _LONG, _pack)


def downgrade() -> None:
    _rewrite(sa.func.substr(_score.c.inputs, 1, len(_PACKED)) == _PACKED, _unpack)


def _rewrite(which: Any, write: Callable[[str], str]) -> None:
    """One at a time, since some are megabytes."""
    connection = op.get_bind()
    for id_ in connection.scalars(sa.select(_score.c.id).where(which)).all():
        of_row = _score.c.id == id_
        text = connection.scalar(sa.select(_score.c.inputs).where(of_row))
        connection.execute(sa.update(_score).where(of_row).values(inputs=write(text)))


def _pack(text: str) -> str:
    return _PACKED + b64encode(zlib.compress(text.encode(), 1)).decode()


def _unpack(text: str) -> str:
    return zlib.decompress(b64decode(text.removeprefix(_PACKED))).decode()
