"""The app's two icons, drawn here: a month that comes round, and a tick in it."""

from io import BytesIO
from math import cos, radians, sin

from PIL import Image, ImageDraw

COLOUR_SIDE, OUTLINE_SIDE = 192, 32
ACCENT = "#0B5563"
WHITE = (255, 255, 255, 255)
CLEAR = (255, 255, 255, 0)
# Drawn larger and made smaller, since a small drawing has no soft edges.
FINER = 16
# On a square of side 1, around its middle: the ring that begins at the top and ends in an arrow, and the tick.
RING, STROKE = 0.36, 0.09
STARTS, ENDS = -60, 225
ARROW, ARROW_DEGREES = 0.12, 36
TICK = ((-0.165, 0.005), (-0.045, 0.125), (0.175, -0.125))


def colour_icon() -> bytes:
    """192 px: the symbol in its middle, on a square that Teams itself rounds off."""
    return _png(_drawn(COLOUR_SIDE, ACCENT, symbol=0.68))


def outline_icon() -> bytes:
    """32 px: white on nothing, as Teams wants it."""
    return _png(_drawn(OUTLINE_SIDE, CLEAR, symbol=1.0))


def _drawn(side: int, ground: str | tuple[int, int, int, int], *, symbol: float) -> Image.Image:
    large = Image.new("RGBA", (side * FINER, side * FINER), ground)
    _draw_symbol(ImageDraw.Draw(large), side * FINER, side * FINER * symbol)
    return large.resize((side, side), Image.Resampling.BOX)


def _draw_symbol(pen: ImageDraw.ImageDraw, whole: int, side: float) -> None:
    def at(x: float, y: float) -> tuple[float, float]:
        return whole / 2 + x * side, whole / 2 + y * side

    width = round(STROKE * side)
    outer = RING + STROKE / 2
    pen.arc((*at(-outer, -outer), *at(outer, outer)), STARTS, ENDS, fill=WHITE, width=width)
    pen.polygon([at(*point) for point in _arrow()], fill=WHITE)
    pen.line([at(*point) for point in TICK], fill=WHITE, width=width, joint="curve")
    for point in (TICK[0], TICK[-1], _on_ring(STARTS)):
        x, y = at(*point)
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=WHITE)


def _on_ring(degrees: float, radius: float = RING) -> tuple[float, float]:
    return radius * cos(radians(degrees)), radius * sin(radians(degrees))


def _arrow() -> tuple[tuple[float, float], ...]:
    """Across the ring's end, with its point further along."""
    return (
        _on_ring(ENDS - 1, RING - ARROW),
        _on_ring(ENDS - 1, RING + ARROW),
        _on_ring(ENDS + ARROW_DEGREES),
    )


def _png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
