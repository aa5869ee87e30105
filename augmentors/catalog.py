"""The catalogue: explicit tuples of all augmenters and selectors; one line adds one.

A line names a module and a class of it, or a tuple of classes, and nothing is imported before somebody
asks for it. Their cards lie beside this file as they were declared (``catalog_cards.json``, written by
`catalog_text` and compared with the classes by a test), so that listing imports no augmenter at all.
"""

import difflib
import json
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augmentors.core.card import Card, SelectorCard, card_from_json
from augmentors.core.errors import UserError
from augmentors.core.kinds import Kind, Stage

if TYPE_CHECKING:
    from augmentors.core.augmenter import Augmenter
    from augmentors.core.selector import Selector

    AUGMENTERS: tuple[type[Augmenter], ...]
    SELECTORS: tuple[type[Selector], ...]

AUGMENTER_LINES: tuple[str, ...] = (
    # table
    "table.random_oversampling:RandomOversampling",
    "table.smote:Smote",
    "table.smotenc:Smotenc",
    "table.smoten:Smoten",
    "table.borderline_smote:BorderlineSmote",
    "table.svm_smote:SvmSmote",
    "table.adasyn:Adasyn",
    "table.kmeans_smote:KmeansSmote",
    "table.smoothed_bootstrap:SmoothedBootstrap",
    "table.polynom_fit_smote:PolynomFitSmote",
    "table.prowsyn:Prowsyn",
    "table.smote_ipf:SmoteIpf",
    "table.geometric_smote:GeometricSmote",
    "table.lvq_smote:LvqSmote",
    "table.encoded_smote:EncodedSmote",
    "table.smogn:Smogn",
    "table.mlsmote:Mlsmote",
    "table.pseudo_labelling:TablePseudoLabelling",
    # text
    "text.synonym_replacement:SynonymReplacement",
    "text.random_insertion:RandomInsertion",
    "text.random_deletion:RandomDeletion",
    "text.random_swap:RandomSwap",
    "text.sentence_shuffling:SentenceShuffling",
    "text.keyboard_typos:KeyboardTypos",
    "text.spelling_mistakes:SpellingMistakes",
    "text.word_embedding_replacement:WordEmbeddingReplacement",
    "text.tfidf_replacement:TfidfReplacement",
    "text.contextual_words:ContextualWords",
    "text.text_continuation:TextContinuation",
    "text.abstractive_summary:AbstractiveSummary",
    "text.back_translation:BackTranslation",
    "text.negated_antonyms:NegatedAntonyms",
    "text.contractions:Contractions",
    "text.abbreviations:Abbreviations",
    "text.word_list_swaps:WordListSwaps",
    "text.aeda:Aeda",
    "text.sentence_deletion:SentenceDeletion",
    "text.ocr_noise:OcrNoise",
    "text.random_characters:RandomCharacters",
    "text.word_splitting:WordSplitting",
    "text.word_merging:WordMerging",
    "text.sentence_mixing:SentenceMixing",
    "text.embedding_interpolation:EmbeddingInterpolation",
    "text.learnt_interpolation:LearntInterpolation",
    "text.random_text_oversampling:RandomTextOversampling",
    "text.text_pseudo_labelling:TextPseudoLabelling",
    # image
    "image.flip:Flip",
    "image.rotate:Rotate",
    "image.crop_resize:CropResize",
    "image.brightness_contrast:BrightnessContrast",
    "image.hue_saturation:HueSaturation",
    "image.affine:Affine",
    "image.blur:Blur",
    "image.noise:Noise",
    "image.cutout:Cutout",
    "image.pipeline:Pipeline",
    "image.mixup:Mixup",
    "image.cutmix:Cutmix",
    "image.mosaic:Mosaic",
    "image.copy_paste:CopyPaste",
    "image.library_family:LIBRARY_AUGMENTERS",  # one per transform of Albumentations
    "image.random_image_oversampling:RandomImageOversampling",
    "image.embedding_smote:EmbeddingSmote",
    "image.learnt_embedding_smote:LearntEmbeddingSmote",
    "image.deep_smote:DeepSmote",
    "image.image_pseudo_labelling:ImagePseudoLabelling",
)

SELECTOR_LINES: tuple[str, ...] = (
    # under-sampling
    "selection.random_undersampling:RandomUndersampling",
    "selection.near_miss:NearMiss",
    "selection.cluster_centroids:ClusterCentroids",
    # cleaning
    "selection.tomek_links:TomekLinks",
    "selection.edited_nearest_neighbours:EditedNearestNeighbours",
)

CARDS = Path(__file__).with_name("catalog_cards.json")


def __getattr__(name: str) -> Any:
    """Give AUGMENTERS and SELECTORS, all classes, when they are first asked for."""
    lines = {"AUGMENTERS": AUGMENTER_LINES, "SELECTORS": SELECTOR_LINES}.get(name)
    if lines is None:
        raise AttributeError(f"module 'augmentors.catalog' has no attribute '{name}'")
    classes = tuple(cls for line in lines for cls in _classes(line))
    globals()[name] = classes
    return classes


def cards(kind: Kind | None = None) -> tuple[Card, ...]:
    """Return the cards of the augmenters for a kind of data, in the catalogue's order; of all of them for None."""
    return tuple(card for line in AUGMENTER_LINES for card in _cards(line) if kind in (None, card.kind))


def selector_cards(kind: Kind | None = None, stage: Stage | None = None) -> tuple[SelectorCard, ...]:
    """Return the cards of the selectors for a kind of data and a stage; None leaves that open."""
    found = (card for line in SELECTOR_LINES for card in _cards(line))
    return tuple(
        card for card in found if (kind is None or kind in card.kinds) and (stage is None or stage in card.stages)
    )


def get(key: str) -> type["Augmenter"]:
    """Return the augmenter of this key.

    Raises
    ------
    UserError
        When no augmenter has it, with the closest ones.

    Examples
    --------
    >>> get("random_oversampling").card.title
    'Random oversampling'
    """
    found = _named(key, AUGMENTER_LINES)
    if found is not None:
        return found
    if _named(key, SELECTOR_LINES) is not None:
        raise UserError(
            f"'{key}' drops samples and makes none.", "Use it with --before or --after, not as an augmenter."
        )
    raise _unknown("augmenter", key, [card.key for card in cards()])


def get_selector(key: str) -> type["Selector"]:
    """Return the selector of this key.

    Raises
    ------
    UserError
        When no selector has it, with the closest ones.

    Examples
    --------
    >>> get_selector("random_undersampling").card.title
    'Random under-sampling'
    """
    found = _named(key, SELECTOR_LINES)
    if found is not None:
        return found
    raise _unknown("selector", key, [card.key for card in selector_cards()])


def for_kind(kind: Kind | None) -> tuple[type["Augmenter"], ...]:
    """Return the augmenters for a kind of data, in the catalogue's order; all of them for None."""
    lines = [line for line in AUGMENTER_LINES if kind is None or line.startswith(f"{kind}.")]
    return tuple(cls for line in lines for cls in _classes(line))


def selectors_for(kind: Kind | None, stage: Stage | None = None) -> tuple[type["Selector"], ...]:
    """Return the selectors for a kind of data and a stage, in the catalogue's order; None leaves that open."""
    return tuple(get_selector(card.key) for card in selector_cards(kind, stage))


def by_line() -> dict[str, tuple[Any, ...]]:
    """Return the classes that each line of the catalogue names, augmenters first."""
    return {line: _classes(line) for line in (*AUGMENTER_LINES, *SELECTOR_LINES)}


def describe_selector(cls: type["Selector"]) -> dict[str, Any]:
    """Return one selector's card and parameters as plain data."""
    card = cls.card
    return {
        "key": card.key,
        "kinds": list(card.kinds),
        "stages": list(card.stages),
        "family": card.family,
        "title": card.title,
        "summary": card.summary,
        "avoid": card.avoid,
        "references": list(card.references),
        "params": cls.Params.model_json_schema(),
    }


def _unknown(what: str, key: str, known: list[str]) -> UserError:
    close = difflib.get_close_matches(key, known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(repr(name) for name in close)}?" if close else f"Known are: {', '.join(known)}."
    return UserError(f"There is no {what} '{key}'.", hint)


def describe(kind: Kind | None = None) -> list[dict[str, Any]]:
    """Return the catalogue as plain data: what ``list --json`` prints."""
    return [describe_one(cls) for cls in for_kind(kind)]


def describe_one(cls: type["Augmenter"]) -> dict[str, Any]:
    """Return one augmenter's card and parameters as plain data."""
    card = cls.card
    return {
        "key": card.key,
        "kind": card.kind,
        "family": card.family,
        "title": card.title,
        "summary": card.summary,
        "avoid": card.avoid,
        "references": list(card.references),
        "needs": sorted(need.value for need in card.needs),
        "aliases": list(card.aliases),
        "params": cls.Params.model_json_schema(),
    }


@cache
def _written() -> dict[str, list[dict[str, Any]]]:
    """Return the cards of the file by line of the catalogue; none when there is no such file."""
    return json.loads(CARDS.read_text(encoding="utf-8")) if CARDS.exists() else {}


@cache
def _cards(line: str) -> tuple[Any, ...]:
    """Return the cards of a line: those of the file, or of its classes when the line is newer than the file."""
    written = _written().get(line)
    if written is None:
        return tuple(cls.card for cls in _classes(line))
    return tuple(card_from_json(entry) for entry in written)


def _classes(line: str) -> tuple[Any, ...]:
    """Return the class or classes that a line of the catalogue names."""
    module, _, name = line.partition(":")
    found = getattr(import_module(f"augmentors.{module}"), name)
    return found if isinstance(found, tuple) else (found,)


def _named(key: str, lines: Sequence[str]) -> Any:
    """Return the class of this key among these lines, importing no other where the file knows it; None without one."""
    likely = [line for line in lines if any(card.key == key for card in _cards(line))]
    return next((cls for line in likely or lines for cls in _classes(line) if cls.card.key == key), None)
