"""Draw ``logo.svg`` and ``favicon.png`` from one set of shapes.

A heavy weight close to the pivot is held by a light one far out: many
common samples, balanced by few rare ones. The mid-tone colours have enough
contrast on white and on near-black.
"""

from PIL import Image, ImageDraw
from registry import ASSETS

SIDE = 64
BEAM = (4.0, 37.0, 60.0, 41.0)  # left, top, right, bottom
PIVOT = ((24.0, 42.5), (15.0, 57.0), (33.0, 57.0))
HEAVY = (15.5, 25.0, 12.0)  # centre x, centre y, radius
LIGHT = (54.0, 32.0, 5.0)
BLUE, ORANGE, GREY = "#2f86c9", "#e69f00", "#8291a3"
FAVICON_SIDE = 128
SMOOTHING = 4


def circle(shape: tuple[float, float, float], colour: str) -> str:
    return f'  <circle cx="{shape[0]:g}" cy="{shape[1]:g}" r="{shape[2]:g}" fill="{colour}"/>'


def draw_svg() -> str:
    left, top, right, bottom = BEAM
    corners = " ".join(f"{x:g},{y:g}" for x, y in PIVOT)
    beam = f'x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label="Counterweight">',
        f'  <polygon points="{corners}" fill="{GREY}" stroke="{GREY}" stroke-width="2" stroke-linejoin="round"/>',
        f'  <rect {beam} rx="{(bottom - top) / 2:g}" fill="{GREY}"/>',
        circle(HEAVY, BLUE),
        circle(LIGHT, ORANGE),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def draw_png() -> Image.Image:
    scale = FAVICON_SIDE * SMOOTHING / SIDE
    picture = Image.new("RGBA", (FAVICON_SIDE * SMOOTHING,) * 2)
    pen = ImageDraw.Draw(picture)
    corners = [(x * scale, y * scale) for x, y in PIVOT]
    pen.polygon(corners, fill=GREY)
    pen.line([*corners, corners[0], corners[1]], fill=GREY, width=round(2 * scale), joint="curve")
    pen.rounded_rectangle([v * scale for v in BEAM], radius=2 * scale, fill=GREY)
    for (x, y, r), colour in ((HEAVY, BLUE), (LIGHT, ORANGE)):
        pen.ellipse([(x - r) * scale, (y - r) * scale, (x + r) * scale, (y + r) * scale], fill=colour)
    return picture.resize((FAVICON_SIDE, FAVICON_SIDE), Image.Resampling.LANCZOS)


def build() -> None:
    (ASSETS / "logo.svg").write_text(draw_svg(), encoding="utf-8")
    draw_png().save(ASSETS / "favicon.png", optimize=True)


if __name__ == "__main__":
    build()
