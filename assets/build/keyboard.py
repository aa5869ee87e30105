"""Build ``language/keyboard.json``: each key of a US QWERTY keyboard and its neighbours.

Own work (MIT). Keys stand on a grid whose rows are shifted as on a real
keyboard; keys closer than 1.3 key widths are neighbours, nearest first.
"""

import json
import math

from registry import LANGUAGE

# The text of a row, and where its first key stands in key widths.
ROWS = (("1234567890-=", 1.0), ("qwertyuiop[]", 1.5), ("asdfghjkl;'", 1.75), ("zxcvbnm,./", 2.25))
REACH = 1.3


def positions() -> dict[str, tuple[float, float]]:
    return {key: (start + x, float(y)) for y, (row, start) in enumerate(ROWS) for x, key in enumerate(row)}


def neighbours() -> dict[str, list[str]]:
    places = positions()
    near = {}
    for key, place in places.items():
        distances = {other: math.dist(place, where) for other, where in places.items() if other != key}
        near[key] = sorted((o for o in distances if distances[o] < REACH), key=lambda o: (distances[o], o))
    return near


def build() -> None:
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(near)}" for key, near in neighbours().items())
    (LANGUAGE / "keyboard.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    build()
