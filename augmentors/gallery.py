"""The gallery: what each augmenter makes of one sample, by the same preview that people get on the screen.

Examples from shipped data lie in ``assets/gallery`` (made by ``assets/build/gallery.py``); those
of somebody's own data are made by a job and lie in the workspace.
"""

import base64
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from augmentors import catalog
from augmentors.catalog_terms import trains_long
from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import NotApplicable, UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.label_sets import LabelSets
from augmentors.core.late import pd
from augmentors.core.ranges import Ranges
from augmentors.core.seeds import digest
from augmentors.ingest.samples import assets_dir
from augmentors.preview import Pair, changed_columns, made_label, preview, random_originals, word_changes
from augmentors.store import Workspace, read_json, write_json

SIDE, CRISP, THUMBNAIL = 120, 64, 40
QUALITY = 72
# Class and sample of the shipped data that examples are made of: a photograph, an e-mail of a few whole
# sentences, clothes for those that need more images than there are photographs, and a loan.
SHOWN = {
    "photos": ("temple", "temple/1.jpg"),
    "spam": ("easy-ham", "r141"),
    "fashion": ("bag", "bag/0001.png"),
    "lending": ("bad", "r2904"),
    "rates": ("interest_rate >= 22 (rare)", "r2689"),
    "flags": ("delinquent", "r2689"),
}
# Originals that are looked at to find one of a length that reads well.
LOOKED_AT, GOOD_LENGTH = 24, 200
SOURCES: dict[Kind, tuple[str, ...]] = {
    "image": ("photos", "fashion"),
    "text": ("spam",),
    "table": ("lending", "rates", "flags"),
}
# Columns of a row that are shown.
FEW = 4


@dataclass(frozen=True)
class Example:
    """One sample before and after, or the reason why there is none.

    Parameters
    ----------
    picture, original : str
        WebP or PNG as base64: the new image, and the one it was made from.
    before, after : str
        Texts.
    rows : dict
        ``columns``, ``parents`` (their values), ``weights``, ``others`` (how many more parents there are) and ``new``:
        a few columns of a new row.
    drawn : dict
        What was drawn for the new sample.
    why_not : str
    """

    picture: str = ""
    original: str = ""
    before: str = ""
    after: str = ""
    rows: dict[str, Any] = field(default_factory=dict)
    drawn: dict[str, Any] = field(default_factory=dict)
    why_not: str = ""


def example(train: Dataset, key: str, target: str, original: str) -> Example:
    """Return what an augmenter at its defaults makes of a sample of a class.

    Of an image the strongest of eight draws is shown, so that a small change can
    be seen; of a text the one in the middle; of a row the one that changes most.
    """
    try:
        shown = preview(train, key, {}, target, originals=[original])
    except (NotApplicable, UserError) as reason:
        return Example(why_not=str(reason))
    if not shown.pairs:
        return Example(why_not="It made nothing of these samples.")
    if train.kind == "image":
        return _of_images(shown.pairs)
    if train.kind == "table":
        return _of_rows(shown.pairs, original, made_label(train))
    return _of_texts(shown.pairs, str(train.schema.text))


def examples(
    train: Dataset, target: str, classes: Sequence[type[Augmenter]], job: Job = NO_JOB
) -> Iterator[tuple[str, Example]]:
    """Yield key and example of each augmenter; those that train a network come last."""
    original = shown_original(train, target)
    for i, cls in enumerate(sorted(classes, key=trains_long)):
        job.check()
        job.progress(i / len(classes), f"{cls.card.title} ({i + 1:,} of {len(classes):,})")
        yield cls.card.key, example(train, cls.card.key, target, original)


def shown_original(train: Dataset, target: str) -> str:
    """Return the sample of a class that examples are made of: any image, a text of a length that reads well."""
    drawn = random_originals(train, target, 0, LOOKED_AT)
    if train.kind != "text":
        return drawn[0]
    texts = train.frame.loc[drawn, train.schema.text].fillna("").astype(str)
    return min(drawn, key=lambda name: abs(len(texts[name]) - GOOD_LENGTH))


def as_picture(pixels: np.ndarray) -> str:
    """Return a small picture as base64: tiny images as they are (PNG), others as WebP."""
    from PIL import Image

    image, buffer = Image.fromarray(pixels), io.BytesIO()
    if max(image.size) <= CRISP:
        image.save(buffer, "PNG")
    else:
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        image.save(buffer, "WEBP", quality=QUALITY, method=6)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


@lru_cache(4_096)
def thumbnail(picture: str) -> str:
    """Return a picture of the gallery as small as a line of a list shows it; tiny ones as they are."""
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        if image.format == "PNG":
            return picture
        buffer = io.BytesIO()
        image.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS).save(buffer, "WEBP", quality=QUALITY)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


# -- shipped -----------------------------------------------------------------------


@cache
def shipped(kind: Kind) -> dict[str, Example]:
    """Return the examples made from shipped data, by the augmenter's key."""
    found = read_json(assets_dir() / "gallery" / f"{kind}.json") or {}
    return {key: Example(**values) for key, values in found.items()}


@cache
def shipped_data(source: str) -> Dataset:
    """Return data that shipped examples are made from: the photographs, or a built-in sample.

    ``rates`` is the sample of loans with their interest rate as target; ``flags`` with three marks as labels.
    """
    from augmentors import ingest

    if source == "photos":
        return ingest.load(assets_dir() / "gallery" / "photos.zip", workdir=Path(tempfile.mkdtemp())).dataset
    if source == "rates":
        loans = ingest.load(ingest.sample("lending").path, label="interest_rate", task="regression").dataset
        ranges = Ranges("interest_rate", (22.0,), (False, True), "given")
        return replace(loans, schema=replace(loans.schema, ranges=ranges))
    if source == "flags":
        return _flagged(ingest.load(ingest.sample("lending").path, label="outcome").dataset)
    chosen = ingest.sample(source)
    return ingest.load(chosen.path, label=chosen.label, text=chosen.text, workdir=Path(tempfile.mkdtemp())).dataset


def _flagged(loans: Dataset) -> Dataset:
    """Return the loans with what was a reason for caution as labels, in place of the columns that say so."""
    frame, sets = loans.frame, LabelSets(("bad", "delinquent", "inquiries"))
    marks = [frame["outcome"] == "bad", frame["delinq_2yrs"] > 0, frame["inq_last_6mths"] > 1]
    labels = pd.array(sets.written(np.column_stack(marks)), dtype="str")
    told = ["outcome", "delinq_2yrs", "inq_last_6mths"]
    types = {name: kind for name, kind in loans.schema.types.items() if name not in told}
    schema = replace(loans.schema, label="caution", types=types, task="multilabel", sets=sets)
    fingerprint = digest(loans.fingerprint, "flags")
    return replace(loans, frame=frame.drop(columns=told).assign(caution=labels), schema=schema, fingerprint=fingerprint)


def shipped_example(cls: type[Augmenter]) -> Example:
    """Make the example of an augmenter from the first shipped data that it applies to."""
    found = Example(why_not="There is no shipped data of this kind.")
    for source in SOURCES[cls.card.kind]:
        found = example(shipped_data(source), cls.card.key, *SHOWN[source])
        if not found.why_not:
            break
    return found


# -- of a workspace ------------------------------------------------------------------


def gallery_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Make the examples of one training sample and keep them as they come.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``dataset_id``, ``target``.
    """
    workspace, dataset_id = Workspace.open(arguments["workspace"]), arguments["dataset_id"]
    job.progress(0.0, "Reading the dataset …")
    dataset, split = workspace.load_dataset(dataset_id), workspace.load_split(dataset_id)
    if split is None:
        raise UserError("The split of this dataset is not fixed yet.", "Fix it on the Start page.")
    train = dataset.take(split.train)
    path = own_path(workspace, dataset_id, split.hash, arguments["target"])
    made: dict[str, Any] = {}
    for key, one in examples(train, arguments["target"], catalog.for_kind(train.kind), job):
        made[key] = asdict(one)
        write_json(path, made)
    return {"examples": len(made)}


def own(workspace: Workspace, dataset_id: str, split_hash: str, target: str) -> dict[str, Example]:
    """Return the examples of a class that are there so far."""
    found = read_json(own_path(workspace, dataset_id, split_hash, target)) or {}
    return {key: Example(**values) for key, values in found.items()}


def own_path(workspace: Workspace, dataset_id: str, split_hash: str, target: str) -> Path:
    """Return where the examples of a class are kept."""
    return workspace.cache_path(dataset_id, f"gallery-{digest([split_hash, target], size=8)}.json")


# -- which pair is shown ---------------------------------------------------------------


def _of_images(pairs: Sequence[Pair]) -> Example:
    with_parent = [pair for pair in pairs if pair.parents and pair.image is not None]
    chosen = max(with_parent or pairs, key=_change)
    if chosen.image is None:
        return Example(why_not="It made no picture of these samples.")
    parent = chosen.parents[0].image if chosen.parents else None
    return Example(
        picture=as_picture(chosen.image),
        original=as_picture(parent) if parent is not None else "",
        drawn=chosen.drawn,
    )


def _change(pair: Pair) -> float:
    """Return how far a new image lies from its first parent, in grey levels."""
    parent = pair.parents[0].image if pair.parents else None
    if parent is None or pair.image is None or parent.shape != pair.image.shape:
        return 0.0
    return float(np.abs(pair.image.astype(np.float32) - parent.astype(np.float32)).mean())


def _of_texts(pairs: Sequence[Pair], column: str) -> Example:
    texts = [(str(pair.parents[0].values[column]) if pair.parents else "", str(pair.values[column])) for pair in pairs]
    ranked = sorted((_count(before, after), before, after) for before, after in texts)
    changed = [one for one in ranked if one[0]] or ranked
    count, before, after = changed[len(changed) // 2]
    return Example(before=before, after=after, drawn={"changes": count})


def _of_rows(pairs: Sequence[Pair], original: str, label: str | None) -> Example:
    own = [pair for pair in pairs if pair.parents and pair.parents[0].id == original]
    chosen = max(own or pairs, key=lambda pair: len(changed_columns(pair)))
    changed = changed_columns(chosen)
    # A label that is made with the row is always shown, whether it changed or not.
    first = [] if label is None else [label]
    columns = list(dict.fromkeys([*first, *changed, *chosen.values]))[:FEW]
    columns = [name for name in chosen.values if name in columns]
    # What a row starts from, and what it was mixed with; the rest at most voted.
    others = sorted(chosen.parents[1:], key=lambda parent: -parent.weight)[:1]
    parents = [*chosen.parents[:1], *others]
    rows = {
        "columns": columns,
        "parents": [[_plain(parent.values[name]) for name in columns] for parent in parents],
        "weights": [round(parent.weight, 4) for parent in parents],
        "others": len(chosen.parents) - len(parents),
        "new": [_plain(chosen.values[name]) for name in columns],
    }
    return Example(rows=rows, drawn={"changes": len(changed)})


def _plain(value: Any) -> Any:
    """Return a cell as JSON holds it; None where it is missing."""
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, bool | int | float | str) else str(value)


def _count(before: str, after: str) -> int:
    return sum(change.kind != "same" for change in word_changes(before, after))


def as_document(found: dict[str, Example]) -> str:
    """Return examples as the JSON document that is shipped, without what is empty or said by the one before."""
    short: dict[str, dict[str, Any]] = {}
    known = ""
    for key, one in found.items():
        short[key] = {n: v for n, v in asdict(one).items() if v and not (n == "original" and v == known)}
        known = one.original or known
    return json.dumps(short, indent=0, ensure_ascii=False) + "\n"
