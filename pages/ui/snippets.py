"""The exact equivalent of what the screens do, as Python and as shell commands."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from augmentors import catalog
from augmentors.core.plan import MixPart
from augmentors.core.ranges import Ranges
from augmentors.learners.pretrained import is_pretrained
from augmentors.recipe import RecipeData, RecipeSplit, RecipeUnlabelled, recipe_ranges
from pages.ui import code_panel, review_note
from pages.ui.frame import Data

TITLE = "counterweight"


def file_name(data: Data) -> str:
    """Return the name of the file the dataset was read from."""
    return str(data.facts.get("name") or "data")


def reading(data: Data) -> dict[str, Any]:
    """Return the choices that read the file as it was read here."""
    facts, understood = data.facts, data.facts.get("understood") or {}
    given = {"label": facts["label"], "text": facts["text"], "group": facts["group"], "kind": facts["kind"]}
    if facts["kind"] == "image":
        merge = understood.get("merge_spellings", False)
        return {"kind": "image", "group": facts["group"], "merge_spellings": merge}
    chosen = ("delimiter", "encoding", "decimal", "merge_spellings", "task", "ranges")
    return code_panel.unusual(given | {name: understood.get(name) for name in chosen})


def recipe_data(data: Data) -> RecipeData:
    """Return the data part of a recipe: equal to what the command line writes for the same file."""
    facts, understood = data.facts, data.facts.get("understood") or {}
    return RecipeData(
        fingerprint=facts["fingerprint"],
        kind=facts["kind"],
        label=facts["label"],
        text=facts["text"],
        group=facts["group"],
        types=facts["types"],
        delimiter=understood.get("delimiter"),
        encoding=understood.get("encoding"),
        decimal=understood.get("decimal"),
        merge_spellings=understood.get("merge_spellings", False),
        task=facts.get("task", "classification"),
        ranges=recipe_ranges(Ranges.from_dict(facts["ranges"])) if facts.get("ranges") else None,
        unlabelled=unlabelled(data),
    )


def unlabelled(data: Data) -> RecipeUnlabelled | None:
    """Return what a recipe says of the unlabelled samples beside the data, rejected ones named; None without any."""
    facts = data.workspace.unlabelled_facts(data.id)
    if facts is None:
        return None
    known = {name: facts[name] for name in ("fingerprint", "delimiter", "encoding")}
    return RecipeUnlabelled(**known, rejected=tuple(review_note.rejected(data)))


def recipe_split(data: Data, folds: int = 5) -> RecipeSplit:
    """Return the split part of a recipe."""
    split = data.facts["split"]
    return RecipeSplit(
        test_size=split["test_size"],
        folds=folds,
        seed=split["seed"],
        near_duplicates=split.get("near_duplicates", True),
        hash=split["hash"],
    )


def read_python(data: Data) -> str:
    """Return the Python that does what Start did: read the file, fix the split, put unlabelled samples beside it."""
    choices, split = data.facts["understood"], code_panel.split_python(data.facts["split"])
    read = code_panel.load_python(data.facts["name"], {name: choices.get(name) for name in code_panel.READING})
    if not beside(data):
        return f"{read}\n\n{split}"
    more = f"import augmentors as cw\n\ndataset = {_with_unlabelled(data).replace('data.dataset', 'dataset')}"
    return f"{read}\n\n{split}\n\n{more}"


def profile_shell(data: Data) -> str:
    """Return the command that looks at the same files."""
    said = code_panel.shell_flags(data.facts["understood"], data.facts["split"]["test_size"])
    more = f" --unlabelled {shlex.quote(beside(data))}" if beside(data) else ""
    return f"python -m augmentors profile {_quoted_file(data)}{said}{more}"


def load_python(data: Data) -> str:
    """Return the Python that reads the file and makes the frozen split again."""
    given = "".join(f", {name}={value!r}" for name, value in reading(data).items() if value)
    split = data.facts["split"]
    near = split.get("near_duplicates", True)
    plain = split["test_size"] == 0.2 and split["seed"] == 0 and near
    imports = "import augmentors as cw\n"
    settings = ""
    if not plain:
        imports += "from augmentors.recipe import RecipeSplit\n"
        settings = f", RecipeSplit(test_size={split['test_size']}, seed={split['seed']}, near_duplicates={near})"
    read = f"{imports}\ndata = cw.load({file_name(data)!r}{given})\nsplit = cw.split_dataset(data.dataset{settings})\n"
    return f"{read}dataset = {_with_unlabelled(data) if beside(data) else 'data.dataset'}\n"


def beside(data: Data) -> str:
    """Return the name of the file of unlabelled samples beside the data; empty without any."""
    facts = data.workspace.unlabelled_facts(data.id)
    return "" if facts is None else str(facts["name"])


def _with_unlabelled(data: Data) -> str:
    """Return the Python that puts the unlabelled samples beside the dataset, without those rejected in review."""
    facts, known = data.workspace.unlabelled_facts(data.id) or {}, unlabelled(data)
    given = {name: facts.get(name) for name in ("delimiter", "encoding")}
    given["decimal"] = (data.facts.get("understood") or {}).get("decimal")
    read = "".join(f", {name}={value!r}" for name, value in given.items() if value)
    near = "" if data.facts["split"].get("near_duplicates", True) else ", near=False"
    rejected = f", rejected={list(known.rejected)!r}" if known is not None and known.rejected else ""
    pool = f"cw.load_unlabelled({beside(data)!r}, data.dataset{read}).dataset"
    return f"cw.attach_unlabelled(\n    data.dataset, split, {pool}{near}{rejected}\n).dataset"


def _reading_flags(data: Data) -> str:
    """Return the flags that read the same files on the command line."""
    more = f" --unlabelled {shlex.quote(beside(data))}" if beside(data) else ""
    return code_panel.shell_flags(reading(data)) + more


def balance_python(data: Data) -> str:
    """Return the Python that runs a recipe."""
    return (
        f"from pathlib import Path\n\n{load_python(data)}"
        'recipe = cw.read_recipe(Path("recipe.yaml").read_text(encoding="utf-8"))\n'
        'version = cw.balance_dataset(dataset, split, recipe, "balanced")\n'
        "print(version.manifest['counts'])"
    )


def balance_shell(data: Data) -> str:
    """Return the command that runs a recipe."""
    return (
        f"python -m augmentors balance {_quoted_file(data)}{_reading_flags(data)} \\\n"
        "    --recipe recipe.yaml --out balanced\n"
        "python -m augmentors verify balanced"
    )


def augment_python(data: Data, part: MixPart, target: str, seed: int) -> str:
    """Return the Python that makes eight samples of a class."""
    given = ", ".join(f"{name}={value!r}" for name, value in changed_params(part).items())
    train = "train = dataset.take(split.train)\n\n"
    if data.facts.get("ranges"):
        train = (
            "\nfrom augmentors.explore.rare_ranges import with_ranges\n\n"
            "train = with_ranges(dataset, split).take(split.train)\n\n"
        )
    return (
        f"import numpy as np\n\n{load_python(data)}{train}"
        "from augmentors import catalog\n\n"
        f"rng = np.random.default_rng({seed})\n"
        f"augmenter = catalog.get({part.augmenter!r})({given}).fit(train, rng)\n"
        f"samples = augmenter.augment({target!r}, 8, rng)\nprint(samples.frame)"
    )


def augment_shell(data: Data, part: MixPart) -> str:
    """Return the command that balances every class with this augmenter."""
    values = changed_params(part).items()
    settings = "".join(f" \\\n    --set {shlex.quote(_setting(part.augmenter, n, v))}" for n, v in values)
    return (
        f"python -m augmentors balance {_quoted_file(data)}{_reading_flags(data)} \\\n"
        f"    --augmenter {part.augmenter}{settings} --out balanced"
    )


def compare_python(data: Data, learners: list[str], repeats: int, arms: list[str] | None = None) -> str:
    """Return the Python that compares models before and after an exported version."""
    return (
        f"{load_python(data)}from pathlib import Path\n\nfrom augmentors.run import compare_version\n\n"
        f'result = compare_version(\n    dataset, split, Path("balanced"), learners={_by_folder(learners)!r}, '
        f"repeats={repeats}{f', free={arms!r}' if arms else ''}\n)\n"
        "print(result.to_json()['verdict'])"
    )


def compare_shell(data: Data, learners: list[str], repeats: int, arms: list[str] | None = None) -> str:
    """Return the command that compares models before and after a recipe."""
    chosen = "".join(f" --learner {key}" for key in _by_folder(learners)) + "".join(
        f" --arms {key}" for key in arms or []
    )
    return (
        f"python -m augmentors compare {_quoted_file(data)}{_reading_flags(data)} \\\n"
        f"    --recipe recipe.yaml{chosen} --repeats {repeats} --json comparison.json"
    )


def _by_folder(learners: list[str]) -> list[str]:
    """Return keys of learners; an encoder is named by the folder that the Map's code writes it to."""
    return ["encoder:encoder" if is_pretrained(key) else key for key in learners]


def changed_params(part: MixPart) -> Mapping[str, Any]:
    """Return the parameters that differ from the defaults."""
    defaults = catalog.get(part.augmenter)().entry["params"]
    return {name: value for name, value in part.params.items() if defaults.get(name) != value}


def _setting(key: str, name: str, value: Any) -> str:
    return f"{key}.{name}={value if isinstance(value, str) else json.dumps(value)}"


def _quoted_file(data: Data) -> str:
    return shlex.quote(file_name(data))
