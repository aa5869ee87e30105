import numpy as np

from pages.ui.class_colours import STRONG, YELLOW, _oklab, _rgb, class_colours, palette


def test_rarest_class_takes_the_strongest_colour_whatever_the_order() -> None:
    counts = {"a": 500, "b": 20, "c": 90}
    assert class_colours(counts) == class_colours(dict(reversed(counts.items())))
    assert class_colours(counts)["b"] == STRONG[0]


def test_palest_colour_goes_to_the_most_common_class_only() -> None:
    for n in (8, 12, 40, 300):
        colours = class_colours({f"c{i:03d}": 10 + i for i in range(n)})
        assert [name for name, colour in colours.items() if colour == YELLOW] == [f"c{n - 1:03d}"]


def test_colours_differ_and_are_readable_on_white_and_black() -> None:
    colours = palette(30)
    assert len(set(colours)) == 30
    lab = _oklab(np.array([_rgb(colour) for colour in colours]))
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2) + np.eye(30)
    assert apart.min() > 0.05
    assert ((lab[:-1, 0] > 0.48) & (lab[:-1, 0] < 0.8)).all()
