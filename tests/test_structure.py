"""The house keeps its shape: who imports whom, how long things are, what is named how."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "augmentors"

# A module imports only from levels below its own; modules of one level do not import each other.
LEVELS: tuple[tuple[str, ...], ...] = (
    ("app",),
    ("pages",),
    ("__main__",),
    ("cli", "model_job"),
    ("background", "embedding_job"),
    ("prepare", "plan_draft", "map_points", "sweep", "list_command", "pretrain_command"),
    ("overview", "estimate", "suitability", "recipe_choice", "command_data", "gallery"),
    ("run",),
    ("search", "export", "run_notes"),
    ("evaluate",),
    ("balance",),
    ("gate",),
    ("recipe",),
    ("preview", "catalog_text", "catalog_terms", "testing", "protection", "agreement"),
    ("catalog",),
    ("table", "text", "image", "selection"),
    ("learners",),
    ("selfsup",),
    ("generative", "llm"),
    ("explore",),
    ("ingest",),
    ("jobs",),
    ("executors", "store", "progress_bar"),
    ("core", "interrupt"),
)
LEVEL_OF = {name: level for level, names in enumerate(LEVELS) for name in names}
HEAVY = ("torch", "transformers", "albumentations", "cv2", "nlpaug", "sklearn", "umap", "streamlit")
MAX_FILE, MAX_FUNCTION = 400, 40


def source_files(*folders: str) -> list[Path]:
    found = [p for folder in folders for p in sorted((ROOT / folder).rglob("*.py"))]
    return found + ([ROOT / "app.py"] if (ROOT / "app.py").exists() else [])


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of every import, those inside functions included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively; say the full name"
            module = node.module or ""
            # The name may be a module of its own (`from augmentors import catalog`) or a thing in one.
            ours = module.partition(".")[0] == "augmentors"
            names = [f"{module}.{alias.name}" for alias in node.names] if ours else [module]
            yield from ((node.lineno, name) for name in names)


def component(dotted: str) -> str | None:
    """Return the part of the house that a dotted name belongs to; None for other libraries and bare names."""
    parts = dotted.split(".")
    if parts[0] == "augmentors":
        is_part = len(parts) > 1 and ((ENGINE / parts[1]).is_dir() or (ENGINE / f"{parts[1]}.py").is_file())
        return parts[1] if is_part else None
    return parts[0] if parts[0] in ("app", "pages") else None


def own_component(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "augmentors" else parts[0]


def test_every_part_has_its_place() -> None:
    parts = {own_component(path) for path in source_files("augmentors", "pages")} - {"__init__"}
    assert sorted(parts - LEVEL_OF.keys()) == [], "give these a place in LEVELS"


def test_imports_go_one_way() -> None:
    wrong = []
    for path in source_files("augmentors", "pages"):
        if path == ENGINE / "__init__.py":
            continue  # The public face names everything, and loads it on first use.
        own = own_component(path)
        for line, name in imported(path):
            other = component(name)
            if other and other != own and LEVEL_OF[other] <= LEVEL_OF[own]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert wrong == []


def test_engine_never_imports_streamlit() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(ENGINE.rglob("*.py"))
        for line, name in imported(path)
        if name.partition(".")[0] == "streamlit"
    ]
    assert found == []


@pytest.mark.parametrize("module", ["augmentors", "augmentors.catalog", "augmentors.cli"])
def test_listing_the_catalogue_is_light(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "from augmentors.catalog import describe\n"
        "assert describe()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_files_are_short() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in source_files("augmentors", "pages", "tests")}
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > MAX_FILE} == {}


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    """Return the lines of a function without its docstring, comments and blank lines."""
    skipped: set[int] = set()
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        skipped = set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    numbers = range(function.lineno, (function.end_lineno or function.lineno) + 1)
    texts = [lines[n - 1].strip() for n in numbers if n not in skipped]
    return sum(bool(text) and not text.startswith("#") for text in texts)


def test_functions_are_short() -> None:
    long = []
    for path in source_files("augmentors", "pages"):
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count = code_lines(node, lines)
                if count > MAX_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {count} lines")
    assert long == []


def test_code_lines_skip_docstring_comments_and_blanks() -> None:
    source = 'def f(\n    a,\n):\n    """Doc.\n\n    More.\n    """\n    # why\n\n    return a\n'
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert code_lines(function, source.splitlines()) == 4


def test_names_say_what_a_file_holds() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [str(p.relative_to(ROOT)) for p in source_files("augmentors", "pages") if p.stem in vague] == []


def dotted_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def reached_by_tests(modules: dict[str, Path]) -> set[str]:
    """Return the modules that a test mirrors or names, and what those import from their own package."""
    tests = {p: p.read_text(encoding="utf-8") for p in sorted((ROOT / "tests").rglob("*.py"))}
    named = {name for text in tests.values() for name in re.findall(r"\baugmentors(?:\.\w+)+", text)}
    named |= {f"augmentors.{n}" for text in tests.values() for n in re.findall(r"from augmentors import (\w+)", text)}
    named |= {
        f"{m}.{n}" for text in tests.values() for m, n in re.findall(r"from (augmentors[\w.]*) import (\w+)", text)
    }
    named |= {
        ".".join(("augmentors", *p.relative_to(ROOT / "tests").parts[:-1], p.stem.removeprefix("test_"))) for p in tests
    }
    reached, todo = set[str](), [name for name in modules if name in named]
    while todo:
        name = todo.pop()
        if name in reached:
            continue
        reached.add(name)
        package = ".".join(name.split(".")[:2])
        for _, other in imported(modules[name]):
            nearest = other if other in modules else other.rpartition(".")[0]
            todo += [nearest] if nearest in modules and nearest.startswith(f"{package}.") else []
    return reached


def test_every_module_is_reached_by_a_test_of_its_package() -> None:
    modules = {dotted_name(path): path for path in sorted(ENGINE.rglob("*.py"))}
    reached = reached_by_tests(modules)
    skipped = {name for name, path in modules.items() if path.stem in ("__init__", "__main__")}
    assert sorted(modules.keys() - reached - skipped) == []


def test_test_folders_mirror_the_engine() -> None:
    beside = {"common", "pages", "browser", "hostile", "golden", "benchmarks", "assets"}
    folders = {p.parent.name for p in (ROOT / "tests").glob("*/*.py")}
    assert sorted(f for f in folders - beside if not (ENGINE / f).is_dir()) == []
