"""Sentences are found in any script, and not where none ends."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.text.sentences import sentences
from augmentors.text.tokens import tokenise


def cut(text: str, *protected: str) -> list[str]:
    tokens = tokenise(text, protected)
    return ["".join(tokens.texts[a:b]) for a, b in sentences(tokens)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
        ("Dr. J. Who paid $3.50 vs. 4. Fine.", ["Dr. J. Who paid $3.50 vs. 4.", "Fine."]),
        ("Wait... what? No", ["Wait... what?", "No"]),
        ("1. First thing. 2. Second.", ["1. First thing.", "2. Second."]),
        ("Title\n\nBody text. More", ["Title", "Body text.", "More"]),
        ("Das ist z. B. gut. Wirklich.", ["Das ist z. B. gut.", "Wirklich."]),
        ("这个很好。我会再买！真的？", ["这个很好。", "我会再买！", "真的？"]),
        ("مرحبا. كيف حالك؟ جيد", ["مرحبا.", "كيف حالك؟", "جيد"]),
        ("नमस्ते। कैसे हो?", ["नमस्ते।", "कैसे हो?"]),
        ("ይህ መጽሐፍ ነው። እንዴት ነህ፧ ደህና።", ["ይህ መጽሐፍ ነው።", "እንዴት ነህ፧", "ደህና።"]),
        ("ဒါက စာအုပ်ပါ။ နေကောင်းလား။", ["ဒါက စာအုပ်ပါ။", "နေကောင်းလား။"]),
        ("នេះជាសៀវភៅ។ សុខសប្បាយទេ៕", ["នេះជាសៀវភៅ។", "សុខសប្បាយទេ៕"]),
        ("འདི་དེབ་རེད། ཁྱེད་བདེ་མོ།", ["འདི་དེབ་རེད།", "ཁྱེད་བདེ་མོ།"]),
        ("Սա գիրք է։ Ինչպե՞ս ես։", ["Սա գիրք է։", "Ինչպե՞ս ես։"]),
        ("see www.a.org. Then go", ["see www.a.org.", "Then go"]),
        ("", []),
        ("  \n ", []),
        ("...", ["..."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_protected_phrase_is_not_cut() -> None:
    assert cut("Yahoo! Groups is it. Yes.", "yahoo! groups") == ["Yahoo! Groups is it.", "Yes."]


@given(st.text(st.sampled_from("aB. !?。\n”1")))
def test_sentences_cover_everything_but_white_space(text: str) -> None:
    tokens = tokenise(text)
    found = sentences(tokens)
    assert all(a < b for a, b in found)
    assert all(first[1] <= second[0] for first, second in pairwise(found))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
