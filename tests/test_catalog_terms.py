import pytest

from augmentors import catalog
from augmentors.catalog_terms import NO_TRAINING, needs_in_words, split_name, terms
from augmentors.core.augmenter import Need


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("EDA", "random_deletion"),
        ("EDA", "synonym_replacement"),
        ("Random Erasing", "cutout"),
        ("RandomErasing", "cutout"),
        ("horizontal flip", "flip"),
        ("HorizontalFlip", "flip"),
        ("RandomOverSampler", "random_oversampling"),
        ("BorderlineSMOTE", "borderline_smote"),
        ("ROSE", "smoothed_bootstrap"),
        ("WordNet", "synonym_replacement"),
        ("RandomRain", "random_rain"),
        ("CLAHE", "clahe"),
        ("weather", "random_fog"),
        ("autoencoder", "deep_smote"),
    ],
)
def test_usual_names_families_and_words_lead_to_it(asked: str, key: str) -> None:
    found = terms(catalog.get(key))
    words = f"{found.title} {found.names} {found.family} {found.told}".lower()
    assert all(word in words for word in asked.lower().split())


def test_every_augmenter_says_what_it_is_when_not_to_use_it_and_by_whom() -> None:
    for cls in catalog.AUGMENTERS:
        assert cls.card.summary.endswith((".", "!", ")")), cls.card.key
        assert cls.card.avoid.startswith("Avoid"), cls.card.key
        assert cls.card.references, cls.card.key
        assert needs_in_words(cls).endswith(".")


def test_what_trains_is_not_found_by_no_training() -> None:
    for cls in catalog.AUGMENTERS:
        if Need.FIT not in cls.card.needs:
            assert NO_TRAINING in terms(cls).spares
    assert NO_TRAINING not in terms(catalog.get("deep_smote")).spares
    assert NO_TRAINING in terms(catalog.get("embedding_smote")).spares


def test_names_of_code_become_words() -> None:
    assert split_name("RandomRotate90") == "Random Rotate90"
