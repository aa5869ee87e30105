"""One colour per class, the same on every screen and in both themes.

Okabe and Ito's eight colours first, told apart by colour-blind people too,
then an extension that keeps the largest distance in OKLab to what was given
out before, as seen with normal and with red-green blind eyes. The rarest
class takes the strongest colour; the palest goes to the most common one.
Black, which vanishes in the dark, is a middle grey here.

References
----------
.. [1] M. Okabe, K. Ito: Color Universal Design, 2008.
.. [2] B. Ottosson: A perceptual color space for image processing (OKLab), 2020.
.. [3] G. M. Machado et al.: A Physiologically-based Model for Simulation of
       Color Vision Deficiency, 2009.
"""

import functools
from collections.abc import Mapping

import numpy as np

VERMILLION, BLUE, GREEN, PURPLE = "#D55E00", "#0072B2", "#009E73", "#CC79A7"
ORANGE, SKY, GREY, YELLOW = "#E69F00", "#56B4E9", "#808890", "#F0E442"
STRONG = (VERMILLION, BLUE, GREEN, PURPLE, ORANGE, SKY, GREY)
EXTENDED = 40
_DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)


def class_colours(counts: Mapping[str, int]) -> dict[str, str]:
    """Return a colour (``#RRGGBB``) per class, by rarity, ties by name.

    Parameters
    ----------
    counts : mapping of str to int
        Samples per class of the whole dataset: they never change once it is loaded.

    Examples
    --------
    >>> class_colours({"ok": 90, "rust": 10})
    {'rust': '#D55E00', 'ok': '#0072B2'}
    """
    names = sorted(counts, key=lambda name: (counts[name], name))
    return dict(zip(names, palette(len(names)), strict=True))


@functools.lru_cache(maxsize=64)
def palette(n: int) -> tuple[str, ...]:
    """Return n colours, strongest first; after 48 they begin again."""
    if n <= len(STRONG):
        return STRONG[:n]
    own = (*STRONG, *extension()[: max(n - len(STRONG) - 1, 0)])
    repeated = tuple(own[i % len(own)] for i in range(n - 1))
    return (*repeated, YELLOW)


@functools.cache
def extension() -> tuple[str, ...]:
    """Return further colours of middle lightness, each far from all before it."""
    candidates = _candidates()
    seen = np.concatenate([_oklab(candidates), _oklab(_as_red_green_blind(candidates))], axis=1)
    given = np.array([_rgb(colour) for colour in (*STRONG, YELLOW)])
    anchors = np.concatenate([_oklab(given), _oklab(_as_red_green_blind(given))], axis=1)
    nearest = _distance(seen[:, None], anchors[None]).min(axis=1)
    chosen: list[str] = []
    for _ in range(EXTENDED):
        best = int(np.argmax(nearest))
        chosen.append(_hex(candidates[best]))
        nearest = np.minimum(nearest, _distance(seen, seen[best]))
    return tuple(chosen)


def _candidates() -> np.ndarray:
    """Return sRGB colours on a grid, neither too pale for white nor too dark for black, none of them grey."""
    steps = np.linspace(0, 1, 17)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    lab = _oklab(grid)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    # Neither grey nor glaring: about as strong as the colours they join.
    usable = (lab[:, 0] > 0.53) & (lab[:, 0] < 0.76) & (chroma > 0.06) & (chroma < 0.165)
    return grid[usable]


def _distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the smaller of the distances in normal and in red-green blind sight."""
    difference = a - b
    normal = np.linalg.norm(difference[..., :3], axis=-1)
    blind = np.linalg.norm(difference[..., 3:], axis=-1)
    return np.minimum(normal, 1.5 * blind)


def _as_red_green_blind(rgb: np.ndarray) -> np.ndarray:
    linear = np.clip(_linear(rgb) @ _DEUTERANOPIA.T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def _linear(rgb: np.ndarray) -> np.ndarray:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _oklab(rgb: np.ndarray) -> np.ndarray:
    to_lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.cbrt(_linear(rgb) @ to_lms.T) @ to_lab.T


def _rgb(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def _hex(rgb: np.ndarray) -> str:
    return "#" + "".join(f"{round(float(v) * 255):02X}" for v in rgb)
