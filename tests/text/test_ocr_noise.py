"""OCR noise: nlpaug's table both ways, and pairs of characters."""

import json

from augmentors.testing.texts import ENGLISH, made
from augmentors.text.ocr_noise import look_alikes, misreadings


def test_table_holds_nlpaugs_pairs_both_ways() -> None:
    from nlpaug.augmenter.char import OcrAug

    theirs = OcrAug().model.model
    for char, others in theirs.items():
        assert set(others) <= set(look_alikes()[char])
        assert all(char in look_alikes()[other] for other in others)


def test_pairs_of_characters() -> None:
    assert (2, 2, ("m",)) in misreadings("turn") and (0, 1, ("rn",)) in misreadings("me")


def test_numbers_change_only_when_asked() -> None:
    texts = ["call 5018 tomorrow please"]
    assert all("5018" in text for text in made("ocr_noise", texts, 30, rate=0.5).frame["text"])
    assert not all("5018" in text for text in made("ocr_noise", texts, 30, keep_special=False).frame["text"])


def test_one_misreading_per_word() -> None:
    for drawn in made("ocr_noise", ENGLISH, 30).certificate["drawn"]:
        for edit in json.loads(drawn)["edits"]:
            options = {
                edit["from"][:i] + other + edit["from"][i + n :]
                for i, n, others in misreadings(edit["from"])
                for other in others
            }
            assert edit["to"] in options
