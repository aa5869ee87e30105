"""The kept schema is that of the installed library, and nothing of the library is forgotten."""

import re
import subprocess
import sys

import pytest

from augmentors.catalog import AUGMENTERS
from augmentors.image.library_choices import EXCLUDED, FAMILY, LEFT_OUT
from augmentors.image.library_family import LIBRARY_AUGMENTERS, SCHEMA
from augmentors.image.library_schema import PATH, _first_sentence, as_text, snapshot, transforms


def test_kept_schema_is_that_of_the_installed_library() -> None:
    again = "python -m augmentors.image.library_schema"
    assert PATH.read_text(encoding="utf-8") == as_text(snapshot()), f"the library changed: run {again}"


def test_every_transform_is_offered_or_left_out_with_a_reason() -> None:
    offered = {cls.transform for cls in LIBRARY_AUGMENTERS}
    assert offered | set(EXCLUDED) == set(transforms())
    assert not offered & set(EXCLUDED)
    assert set(FAMILY) == offered
    assert all(reason.endswith(".") and len(reason) > 10 for reason in EXCLUDED.values())
    assert len(offered) >= 75


def test_reasons_name_augmenters_that_exist() -> None:
    keys = {cls.card.key for cls in AUGMENTERS}
    named = {name for reason in EXCLUDED.values() for name in re.findall(r"'([a-z_]+)'", reason)}
    assert len(named) >= 4
    assert named <= keys


def test_every_field_is_offered_or_left_out_with_a_reason() -> None:
    library = transforms()
    for name, described in SCHEMA.items():
        offered = {field["name"] for field in described["fields"]}
        for field in library[name].InitSchema.model_fields:  # type: ignore[attr-defined]
            assert (field in offered) != (field in LEFT_OUT or (name, field) in LEFT_OUT), (name, field)


def test_listing_the_catalogue_imports_no_heavy_library() -> None:
    heavy = ("albumentations", "cv2", "torch", "transformers", "pandas", "pyarrow", "scipy", "sklearn")
    code = (
        "import sys; from augmentors.catalog import describe; describe();"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Add fog. It is white.", "Add fog."),
        ("range of angles (in `degrees`).\n    Default: (0, 1)", "Range of angles (in degrees)."),
        ("Two lines\n  of one. Then more", "Two lines of one."),
        ("", ""),
    ],
)
def test_first_sentence(text: str, first: str) -> None:
    assert _first_sentence(text) == first
