"""Abbreviations: known pairs, both directions."""

import pytest

from augmentors.testing.texts import changed


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Please send the info asap, thanks.", "Pls send the information as soon as possible, thx."),
        ("We sell lamps, for example, and more.", "We sell lamps, e.g., and more."),
        ("The UK and frequently asked questions.", "The UK and FAQ."),
    ],
)
def test_abbreviations(text: str, expected: str) -> None:
    assert changed("abbreviations", text, language="english") == expected


def test_direction() -> None:
    text = "Send the info, please."
    assert changed("abbreviations", text, direction="expand") == "Send the information, please."
    assert changed("abbreviations", text, direction="shorten") == "Send the info, pls."
