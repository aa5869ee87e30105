"""Draw ``samples/thumbs/*.png``, one tile per sample, from the samples themselves.

Tiles are shown 96 px wide and drawn at twice that for dense screens. They
bring their own light ground, so they look the same in both themes.
"""

import io
import json
import zipfile
from collections.abc import Callable

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont
from registry import SAMPLES

SIDE = 192
SMOOTHING = 3
GROUND, INK, FAINT = "#f7f5f0", "#3c4654", "#d5d9de"
# Okabe–Ito, as on the app's charts.
BLUE, ORANGE, GREEN, RED, SKY = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9"


class Tile:
    """A picture drawn in tile coordinates (0 … 192) at a finer resolution."""

    def __init__(self) -> None:
        self.picture = Image.new("RGB", (SIDE * SMOOTHING,) * 2, GROUND)
        self.pen = ImageDraw.Draw(self.picture)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str, radius: float = 3) -> None:
        corners = [v * SMOOTHING for v in (left, top, right, bottom)]
        self.pen.rounded_rectangle(corners, radius=radius * SMOOTHING, fill=colour)

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        self.pen.ellipse([v * SMOOTHING for v in (x - radius, y - radius, x + radius, y + radius)], fill=colour)

    def write(self, x: float, y: float, text: str, size: float, colour: str) -> None:
        font = ImageFont.load_default(size * SMOOTHING)
        self.pen.text((x * SMOOTHING, y * SMOOTHING), text, fill=colour, font=font, anchor="lm")

    def finished(self) -> Image.Image:
        small = self.picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        mask = Image.new("L", (SIDE * SMOOTHING,) * 2)
        ImageDraw.Draw(mask).rounded_rectangle([0, 0, *mask.size], radius=16 * SMOOTHING, fill=255)
        small.putalpha(mask.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
        return small


def tiny() -> Tile:
    """The wines by two measurements; the rare cultivar drawn last and larger."""
    table = pd.read_csv(SAMPLES / "tiny.csv")
    tile = Tile()
    span = table[["flavanoids", "color_intensity"]]
    places = 20 + (span - span.min()) / (span.max() - span.min()) * (SIDE - 40)
    for cultivar, colour, radius in (("grignolino", SKY, 5), ("barolo", BLUE, 5), ("barbera", RED, 7)):
        for x, y in places[table["cultivar"] == cultivar].to_numpy():
            tile.dot(x, SIDE - y, radius, colour)
    return tile


def lending() -> Tile:
    """A table of numbers and categories with one bad loan among good ones."""
    tile = Tile()
    widths = (34, 22, 28, 16, 31, 25, 20)
    for row, width in enumerate(widths):
        middle = 28 + row * 23
        bad = row == 4
        if bad:
            tile.box(12, middle - 11, SIDE - 12, middle + 11, "#fbe3d3", 5)
        tile.box(20, middle - 4, 20 + width * 1.6, middle + 4, BLUE if not bad else RED, 2)
        tile.box(84, middle - 7, 84 + 22 + (width * 7) % 18, middle + 7, FAINT if not bad else "#f3b48f", 7)
        tile.write(130, middle, f"{6 + (width * 37) % 190 / 10:.1f}", 13, INK)
        tile.dot(172, middle, 5, GREEN if not bad else RED)
    return tile


def page_blocks() -> Tile:
    """A scanned page: much text, a few lines, one picture."""
    tile = Tile()
    tile.box(34, 14, 158, 178, "#ffffff", 4)
    tile.box(44, 26, 112, 34, INK)
    tile.box(44, 42, 148, 44.5, ORANGE, 1)
    for n, end in enumerate((92, 90, 93, 84, 92, 88, 91, 70)):
        tile.box(44, 54 + n * 9, end, 58 + n * 9, SKY, 2)
    tile.box(99, 54, 101.5, 124, GREEN, 1)
    tile.box(108, 54, 148, 98, RED, 3)
    for n, end in enumerate((146, 148, 130)):
        tile.box(108, 106 + n * 9, end, 110 + n * 9, SKY, 2)
    for n, end in enumerate((148, 145, 148, 120)):
        tile.box(44, 136 + n * 9, end, 140 + n * 9, SKY, 2)
    return tile


def spam() -> Tile:
    """The opening words of real subjects, one line per message."""
    messages = [json.loads(line) for line in (SAMPLES / "spam.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = ("easy-ham", "easy-ham", "spam", "easy-ham", "hard-ham", "easy-ham", "spam")
    colours = {"easy-ham": BLUE, "hard-ham": ORANGE, "spam": RED}
    # Short subjects only: a word cut at the edge reads badly.
    subjects: dict[str, list[str]] = {label: [] for label in colours}
    for message in messages:
        subject = message["text"].split("\n")[0]
        new = subject not in subjects[message["label"]]
        if new and 8 <= len(subject) <= 17 and " " in subject and subject.isascii():
            subjects[message["label"]].append(subject)
    tile = Tile()
    for row, label in enumerate(wanted):
        subject = subjects[label].pop(0)
        middle = 24 + row * 24
        tile.box(14, middle - 8, 20, middle + 8, colours[label], 3)
        tile.write(29, middle, subject, 16, INK if label == "easy-ham" else colours[label])
    return tile


def fashion() -> Tile:
    """Sixteen of the pictures, one class after the other, dark on light."""
    tile = Tile()
    cell, gap = 40 * SMOOTHING, 6 * SMOOTHING
    with zipfile.ZipFile(SAMPLES / "fashion.zip") as archive:
        classes = sorted({name.split("/")[1] for name in archive.namelist()})
        for place in range(16):
            name, number = classes[place % len(classes)], 1 + place // len(classes)
            with Image.open(io.BytesIO(archive.read(f"fashion/{name}/{number:04d}.png"))) as picture:
                grey = np.asarray(picture, dtype=float) / 255
            ground, ink = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (GROUND, INK))
            colours = ground + grey[..., None] * (ink - ground)
            shown = Image.fromarray(colours.round().astype(np.uint8)).resize((cell, cell), Image.Resampling.BICUBIC)
            row, column = divmod(place, 4)
            corner = 7 * SMOOTHING
            tile.picture.paste(shown, (corner + column * (cell + gap), corner + row * (cell + gap)))
    return tile


def build() -> None:
    drawings: tuple[Callable[[], Tile], ...] = (tiny, lending, page_blocks, spam, fashion)
    (SAMPLES / "thumbs").mkdir(exist_ok=True)
    for drawing in drawings:
        drawing().finished().save(SAMPLES / "thumbs" / f"{drawing.__name__}.png", optimize=True)


if __name__ == "__main__":
    build()
