"""Every augmenter of nlpaug for texts has its place here, or a reason why not."""

import inspect

import pytest

from augmentors.catalog import get

OURS = {
    "KeyboardAug": "keyboard_typos",
    "OcrAug": "ocr_noise",
    "RandomCharAug": "random_characters",
    "RandomWordAug": "random_swap",
    "SplitAug": "word_splitting",
    "SpellingAug": "spelling_mistakes",
    "ReservedAug": "word_list_swaps",
    "SynonymAug": "synonym_replacement",
    "AntonymAug": "negated_antonyms",
    "WordEmbsAug": "word_embedding_replacement",
    "TfIdfAug": "tfidf_replacement",
    "ContextualWordEmbsAug": "contextual_words",
    "BackTranslationAug": "back_translation",
    "AbstSummAug": "abstractive_summary",
    "ContextualWordEmbsForSentenceAug": "text_continuation",
    "RandomSentAug": "sentence_shuffling",
}
LEFT_OUT = {
    "LambadaAug": "needs a generator trained on the labels, as the language-model augmenters have",
}


def nlpaug_classes() -> set[str]:
    import nlpaug.augmenter.char as nac
    import nlpaug.augmenter.sentence as nas
    import nlpaug.augmenter.word as naw

    found = {name for module in (nac, naw, nas) for name, _ in inspect.getmembers(module, inspect.isclass)}
    return {name for name in found if name.endswith("Aug")}


def test_every_class_is_ours_or_has_a_reason() -> None:
    assert nlpaug_classes() == OURS.keys() | LEFT_OUT.keys()
    assert not OURS.keys() & LEFT_OUT.keys() and all(LEFT_OUT.values())


@pytest.mark.parametrize("key", OURS.values())
def test_ours_exist(key: str) -> None:
    assert get(key).card.kind == "text"
