"""Language models by name or folder, read from this machine only, with errors in one sentence."""

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from augmentors.core.errors import NotApplicable
from augmentors.explore.embeddings import random_state_kept

# Names are looked for in this folder first, so that a recipe need not hold a path.
MODELS_FOLDER = "COUNTERWEIGHT_MODELS"
# What a model is made of: configuration and vocabulary, weights, vocabularies of other kinds (Marian's, BERT's, T5's).
MODEL_FILES = (".json", ".safetensors", ".spm", ".txt", ".model")


def find_model(name: str, what: str) -> Path:
    """Return the folder of a model: a folder, a name in $COUNTERWEIGHT_MODELS, or a name in Hugging Face's cache.

    Nothing is downloaded: weights come onto a machine because somebody decided so.

    Parameters
    ----------
    name : str
    what : str
        What needs it, for the error.

    Raises
    ------
    NotApplicable
        When no model is named, or it is not on this machine.
    """
    if not name:
        raise NotApplicable(f"{what} needs a model, and none is named.", "Name a model or a folder that holds one.")
    found = on_this_machine(name, "config.json")
    if found is None and not name.startswith((".", "/", "~")):
        found = _in_cache(name)
    if found is None:
        raise NotApplicable(
            f"{what} found no model '{name}': it is neither a folder with a config.json nor in this machine's cache.",
            f"Download it once with 'hf download {name}', or give the path of its folder.",
        )
    return found


def on_this_machine(name: str, holds: str) -> Path | None:
    """Return a model's folder, in $COUNTERWEIGHT_MODELS or anywhere, that holds a certain file."""
    shelf = os.environ.get(MODELS_FOLDER)
    places = [Path(shelf) / name, Path(name)] if shelf else [Path(name)]
    return next((folder for folder in places if (folder / holds).is_file()), None)


def load(name: str, what: str, read: Callable[[Path], Any]) -> Any:
    """Return what `read` makes of a model's folder.

    Raises
    ------
    NotApplicable
        When the folder does not hold such a model, with the library's reason.
    """
    folder = find_model(name, what)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        with random_state_kept():
            from transformers.utils import logging

            logging.disable_progress_bar()  # it writes to stderr, which belongs to our own messages
            return read(folder)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise NotApplicable(f"{what} cannot use the model '{name}': {reason.rstrip('.')}.") from None


def tokenizer_and_model(folder: Path, head: str) -> tuple[Any, Any]:
    """Return the tokeniser and the model of a folder; safetensors only, so nothing is unpickled.

    Parameters
    ----------
    folder : Path
    head : str
        The class of transformers that reads it, such as ``AutoModelForMaskedLM``.
    """
    import transformers

    model = getattr(transformers, head).from_pretrained(folder, local_files_only=True, use_safetensors=True)
    return transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True), model.eval()


def hash_of_model(folder: Path) -> str:
    """Return the hash of a model's configuration, vocabulary and weights: read again once a file has changed."""
    files = sorted(path for suffix in MODEL_FILES for path in folder.glob(f"*{suffix}"))
    return _hash_of_files(tuple((path, path.stat().st_size, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=16)
def _hash_of_files(files: tuple[tuple[Path, int, int], ...]) -> str:
    found = hashlib.blake2b(digest_size=16)
    for path, _, _ in files:
        found.update(path.name.encode())
        with path.open("rb") as file:
            found.update(hashlib.file_digest(file, "blake2b").digest())
    return found.hexdigest()


def _in_cache(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(name, "config.json")
    except HFValidationError:
        return None
    return Path(found).parent if isinstance(found, str) else None
