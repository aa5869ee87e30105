"""Named entities that must not change: found by a spaCy pipeline of the user, read from this machine only.

A pipeline's folder is JSON, msgpack and numpy arrays without pickles, but its
config names functions that spaCy calls on loading, of any installed package.
So it is read here first, and only spaCy's own components and functions, listed
below, are ever called; a component taken from another folder is refused too.
"""

import hashlib
import importlib.util
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field

from augmentors.core.errors import NotApplicable
from augmentors.explore.embeddings import random_state_kept
from augmentors.text.local_models import on_this_machine

Span = tuple[int, int]

ENTITIES: Any = Field(
    "",
    max_length=300,
    title="Entities never touched",
    description="Name or folder of a spaCy pipeline on this machine; the entities that it finds (people, places …) are "
    "protected. Empty: none are looked for.",
    json_schema_extra={"advanced": True, "probe": "tiny:entities"},
    # Left out unless chosen, so that seeds of plans without it stay as they were.
    exclude_if=lambda name: not name,
)

# What spaCy itself calls its components: those that find entities or serve them, and those that have no say in it.
_FINDERS = frozenset({"ner", "beam_ner", "entity_ruler", "future_entity_ruler"})
_HELPERS = frozenset(
    {"tok2vec", "tagger", "morphologizer", "parser", "senter", "sentencizer", "attribute_ruler", "lemmatizer"}
)
_BESIDE = frozenset(
    {"textcat", "textcat_multilabel", "entity_linker", "spancat", "spancat_singlelabel", "trainable_lemmatizer"}
)
_ALLOWED = {
    "@architectures": r"spacy\.(Tok2Vec|HashEmbedCNN|MultiHashEmbed|CharacterEmbed|MaxoutWindowEncoder"
    r"|MishWindowEncoder|Tok2VecListener|TransitionBasedParser|Tagger)\.v[0-9]",
    "@scorers": r"spacy\.[a-z0-9_]+_scorer\.v[0-9]",
    "@tokenizers": r"spacy\.(Tokenizer\.v1|ja\.JapaneseTokenizer|ko\.KoreanTokenizer|zh\.ChineseTokenizer)",
    "@misc": r"spacy\.(levenshtein_compare|prioritize_new_ents_filter|prioritize_existing_ents_filter)\.v1",
    "@vectors": r"spacy\.Vectors\.v1",
}
# Of longer texts spaCy, which needs about 1 GB for 100,000 characters, sees a piece at a time; pieces overlap, so that
# no entity falls between two.
_PIECE, _OVERLAP = 20_000, 500


def entity_spans(name: str, text: str, what: str) -> tuple[Span, ...]:
    """Return first and last character (exclusive) of each entity of a text; none where no pipeline is named.

    Parameters
    ----------
    name : str
        A spaCy pipeline: a folder, a name in $COUNTERWEIGHT_MODELS, or an installed package.
    text : str
    what : str
        What needs it, for the error.

    Raises
    ------
    NotApplicable
        When spaCy or the pipeline is missing, or is not one that may be loaded.
    """
    return _spans(check_entities(name, what), text) if name else ()


def check_entities(name: str, what: str) -> Path | None:
    """Return the folder of a pipeline that can be loaded; None where none is named."""
    if not name:
        return None
    if importlib.util.find_spec("spacy") is None:
        raise NotApplicable(
            f"{what} is to keep the entities that '{name}' finds, which needs spaCy, and it is not installed.",
            "Install it with 'pip install spacy', or leave 'entities' empty.",
        )
    folder = on_this_machine(name, "config.cfg") or _in_package(name)
    if folder is None:
        raise NotApplicable(
            f"{what} found no spaCy pipeline '{name}': it is neither a folder with a config.cfg nor installed here.",
            f"Get it once with 'python -m spacy download {name}', give the path of its folder, or leave 'entities' "
            "empty.",
        )
    try:
        _pipeline(folder)
    except (OSError, ValueError, KeyError, ImportError, TypeError, AttributeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise NotApplicable(f"{what} cannot use the spaCy pipeline '{name}': {reason.rstrip('.')}.") from None
    return folder


def hash_of_entities(name: str, what: str) -> str | None:
    """Return the hash of all files of a pipeline, for the manifest; None where none is named."""
    folder = check_entities(name, what)
    if folder is None:
        return None
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            found.update(hashlib.file_digest(file, "blake2b").digest())
    return found.hexdigest()


def _in_package(name: str) -> Path | None:
    """Return the folder of an installed pipeline, without importing the package: a recipe must not run code."""
    found = importlib.util.find_spec(name) if name.isidentifier() else None
    places = found.submodule_search_locations if found and found.submodule_search_locations else []
    return next((path.parent for place in places for path in sorted(Path(place).glob("*/config.cfg"))), None)


@lru_cache(maxsize=20_000)
def _spans(folder: Path, text: str) -> tuple[Span, ...]:
    pipeline = _pipeline(folder)
    found: set[Span] = set()
    for start in range(0, len(text), _PIECE):
        # One text at a time: a model's arithmetic may depend on what else is in the batch.
        entities = pipeline(text[start : start + _PIECE + _OVERLAP]).ents
        found.update((start + entity.start_char, start + entity.end_char) for entity in entities)
    return tuple(sorted(found))


@lru_cache(maxsize=2)
def _pipeline(folder: Path) -> Any:
    """Return the pipeline of a folder, with only what finding entities takes."""
    with random_state_kept(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about versions of spaCy, on stderr
        import spacy.util

        config = spacy.util.load_config(folder / "config.cfg", interpolate=True)
        parts = {name: config["components"][name] for name in config["nlp"]["pipeline"]}
        kept = {name: part for name, part in parts.items() if part.get("factory") not in _BESIDE}
        _check(config["nlp"], kept)
        used = {
            "nlp": {**config["nlp"], "pipeline": list(kept)},
            "components": kept,
        }
        loaded = spacy.util.load_model_from_config(used, auto_fill=True)
        return loaded.from_disk(folder, exclude=[name for name in parts if name not in kept])


def _check(settings: dict[str, Any], parts: dict[str, Any]) -> None:
    """Refuse what is not spaCy's own.

    Raises
    ------
    ValueError
        With the reason.
    """
    if not re.fullmatch(r"[a-z]{2,3}", str(settings.get("lang"))):
        raise ValueError(f"its language must be a code of two or three letters; got {settings.get('lang')!r}")
    for name, part in parts.items():
        if part.get("factory") not in _FINDERS | _HELPERS:
            raise ValueError(
                f"its component '{name}' is made by {part.get('factory') or part.get('source')!r}, and only components "
                f"of spaCy itself are loaded ({', '.join(sorted(_FINDERS | _HELPERS))})"
            )
    if not any(part["factory"] in _FINDERS for part in parts.values()):
        raise ValueError(f"it has no component that finds entities ({', '.join(sorted(_FINDERS))})")
    for key, value in _calls({"nlp": settings, "components": parts}):
        if key not in _ALLOWED or not re.fullmatch(_ALLOWED[key], str(value)):
            raise ValueError(f"its config calls {key} = {value!r}, and only functions of spaCy itself are called")
    if settings["tokenizer"].get("segmenter") == "pkuseg":
        raise ValueError("its tokeniser is pkuseg, whose files are not known to be safe to load")


def _calls(config: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a config says is to be called: keys that begin with '@'."""
    for key, value in config.items() if isinstance(config, dict) else enumerate(config):
        if str(key).startswith("@"):
            yield str(key), value
        if isinstance(value, dict | list | tuple):
            yield from _calls(value)
