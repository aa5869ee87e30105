"""The catalogue: explicit tuples of all augmenters and selectors; one line adds one."""

import difflib
from typing import Any

from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Kind
from augmentors.core.errors import UserError
from augmentors.core.selector import Selector, Stage
from augmentors.image.affine import Affine
from augmentors.image.blur import Blur
from augmentors.image.brightness_contrast import BrightnessContrast
from augmentors.image.copy_paste import CopyPaste
from augmentors.image.crop_resize import CropResize
from augmentors.image.cutmix import Cutmix
from augmentors.image.cutout import Cutout
from augmentors.image.deep_smote import DeepSmote
from augmentors.image.embedding_smote import EmbeddingSmote
from augmentors.image.flip import Flip
from augmentors.image.hue_saturation import HueSaturation
from augmentors.image.image_pseudo_labelling import ImagePseudoLabelling
from augmentors.image.library_family import LIBRARY_AUGMENTERS
from augmentors.image.mixup import Mixup
from augmentors.image.mosaic import Mosaic
from augmentors.image.noise import Noise
from augmentors.image.pipeline import Pipeline
from augmentors.image.random_image_oversampling import RandomImageOversampling
from augmentors.image.rotate import Rotate
from augmentors.selection.cluster_centroids import ClusterCentroids
from augmentors.selection.edited_nearest_neighbours import EditedNearestNeighbours
from augmentors.selection.near_miss import NearMiss
from augmentors.selection.random_undersampling import RandomUndersampling
from augmentors.selection.tomek_links import TomekLinks
from augmentors.table.adasyn import Adasyn
from augmentors.table.borderline_smote import BorderlineSmote
from augmentors.table.geometric_smote import GeometricSmote
from augmentors.table.kmeans_smote import KmeansSmote
from augmentors.table.lvq_smote import LvqSmote
from augmentors.table.mlsmote import Mlsmote
from augmentors.table.polynom_fit_smote import PolynomFitSmote
from augmentors.table.prowsyn import Prowsyn
from augmentors.table.pseudo_labelling import TablePseudoLabelling
from augmentors.table.random_oversampling import RandomOversampling
from augmentors.table.smogn import Smogn
from augmentors.table.smoothed_bootstrap import SmoothedBootstrap
from augmentors.table.smote import Smote
from augmentors.table.smote_ipf import SmoteIpf
from augmentors.table.smoten import Smoten
from augmentors.table.smotenc import Smotenc
from augmentors.table.svm_smote import SvmSmote
from augmentors.text.abbreviations import Abbreviations
from augmentors.text.abstractive_summary import AbstractiveSummary
from augmentors.text.aeda import Aeda
from augmentors.text.back_translation import BackTranslation
from augmentors.text.contextual_words import ContextualWords
from augmentors.text.contractions import Contractions
from augmentors.text.embedding_interpolation import EmbeddingInterpolation
from augmentors.text.keyboard_typos import KeyboardTypos
from augmentors.text.negated_antonyms import NegatedAntonyms
from augmentors.text.ocr_noise import OcrNoise
from augmentors.text.random_characters import RandomCharacters
from augmentors.text.random_deletion import RandomDeletion
from augmentors.text.random_insertion import RandomInsertion
from augmentors.text.random_swap import RandomSwap
from augmentors.text.random_text_oversampling import RandomTextOversampling
from augmentors.text.sentence_deletion import SentenceDeletion
from augmentors.text.sentence_mixing import SentenceMixing
from augmentors.text.sentence_shuffling import SentenceShuffling
from augmentors.text.spelling_mistakes import SpellingMistakes
from augmentors.text.synonym_replacement import SynonymReplacement
from augmentors.text.text_continuation import TextContinuation
from augmentors.text.text_pseudo_labelling import TextPseudoLabelling
from augmentors.text.tfidf_replacement import TfidfReplacement
from augmentors.text.word_embedding_replacement import WordEmbeddingReplacement
from augmentors.text.word_list_swaps import WordListSwaps
from augmentors.text.word_merging import WordMerging
from augmentors.text.word_splitting import WordSplitting

AUGMENTERS: tuple[type[Augmenter], ...] = (
    # table
    RandomOversampling,
    Smote,
    Smotenc,
    Smoten,
    BorderlineSmote,
    SvmSmote,
    Adasyn,
    KmeansSmote,
    SmoothedBootstrap,
    PolynomFitSmote,
    Prowsyn,
    SmoteIpf,
    GeometricSmote,
    LvqSmote,
    Smogn,
    Mlsmote,
    TablePseudoLabelling,
    # text
    SynonymReplacement,
    RandomInsertion,
    RandomDeletion,
    RandomSwap,
    SentenceShuffling,
    KeyboardTypos,
    SpellingMistakes,
    WordEmbeddingReplacement,
    TfidfReplacement,
    ContextualWords,
    TextContinuation,
    AbstractiveSummary,
    BackTranslation,
    NegatedAntonyms,
    Contractions,
    Abbreviations,
    WordListSwaps,
    Aeda,
    SentenceDeletion,
    OcrNoise,
    RandomCharacters,
    WordSplitting,
    WordMerging,
    SentenceMixing,
    EmbeddingInterpolation,
    RandomTextOversampling,
    TextPseudoLabelling,
    # image
    Flip,
    Rotate,
    CropResize,
    BrightnessContrast,
    HueSaturation,
    Affine,
    Blur,
    Noise,
    Cutout,
    Pipeline,
    Mixup,
    Cutmix,
    Mosaic,
    CopyPaste,
    *LIBRARY_AUGMENTERS,  # one per transform of Albumentations
    RandomImageOversampling,
    EmbeddingSmote,
    DeepSmote,
    ImagePseudoLabelling,
)

SELECTORS: tuple[type[Selector], ...] = (
    # under-sampling
    RandomUndersampling,
    NearMiss,
    ClusterCentroids,
    # cleaning
    TomekLinks,
    EditedNearestNeighbours,
)


def get(key: str) -> type[Augmenter]:
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
    by_key = {cls.card.key: cls for cls in AUGMENTERS}
    if key in by_key:
        return by_key[key]
    if any(cls.card.key == key for cls in SELECTORS):
        raise UserError(
            f"'{key}' drops samples and makes none.", "Use it with --before or --after, not as an augmenter."
        )
    raise _unknown("augmenter", key, list(by_key))


def get_selector(key: str) -> type[Selector]:
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
    by_key = {cls.card.key: cls for cls in SELECTORS}
    if key in by_key:
        return by_key[key]
    raise _unknown("selector", key, list(by_key))


def selectors_for(kind: Kind | None, stage: Stage | None = None) -> tuple[type[Selector], ...]:
    """Return the selectors for a kind of data and a stage, in the catalogue's order; None leaves that open."""
    return tuple(
        cls
        for cls in SELECTORS
        if (kind is None or kind in cls.card.kinds) and (stage is None or stage in cls.card.stages)
    )


def describe_selector(cls: type[Selector]) -> dict[str, Any]:
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


def for_kind(kind: Kind | None) -> tuple[type[Augmenter], ...]:
    """Return the augmenters for a kind of data, in the catalogue's order; all of them for None."""
    return tuple(cls for cls in AUGMENTERS if kind in (None, cls.card.kind))


def describe(kind: Kind | None = None) -> list[dict[str, Any]]:
    """Return the catalogue as plain data: what ``list --json`` prints."""
    return [describe_one(cls) for cls in for_kind(kind)]


def describe_one(cls: type[Augmenter]) -> dict[str, Any]:
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
