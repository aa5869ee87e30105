"""Before and after: pictures side by side, texts with changed words marked, rows with changed cells marked."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from augmentors.core.dataset import Dataset
from augmentors.preview import Pair, changed_columns, made_label, same_value, word_changes
from pages.ui.charts import cell, heads
from pages.ui.gallery import array_uri
from pages.ui.theme import number, short, text

SIZE = 200
COLUMNS = 12
PARENTS = 8
UNCHANGED_SHOWN = 90
UNTOLD = {"seed", "sha256", "matrix", "shape", "edits", "operator"}
LONGEST_LIST = 4


def markup(train: Dataset, pairs: Sequence[Pair]) -> str:
    """Return pairs of a preview as HTML, as the kind of data asks for."""
    if train.kind == "image":
        return f'<div class="cw-pairs">{"".join(_picture_pair(pair) for pair in pairs)}</div>'
    if train.kind == "text":
        column = str(train.schema.text)
        return f'<div class="cw-texts">{"".join(_text_pair(pair, column) for pair in pairs)}</div>'
    return _rows(pairs, made_label(train))


def drawn_words(drawn: dict[str, Any]) -> str:
    """Return what was drawn for a sample, in a line people can read.

    Examples
    --------
    >>> drawn_words({"angle": -5.84644, "seed": 77, "operator": "HorizontalFlip"})
    'horizontal flip · angle −5.846'
    """
    said = [_spaced(str(drawn["operator"]))] if _says_more(drawn) else []
    for name, value in drawn.items():
        shown = _drawn_value(value)
        if name not in UNTOLD and shown:
            said.append(f"{name.replace('_', ' ')} {shown}")
    return " · ".join(said)


def changed_text(before: str, after: str, keep: int = UNCHANGED_SHOWN) -> str:
    """Return a text with deleted and inserted words marked, long unchanged stretches cut short.

    Parameters
    ----------
    before, after : str
    keep : int
        Letters that are shown of an unchanged stretch at each side.

    Examples
    --------
    >>> changed_text("a good day", "a fine day")
    'a <del>good</del><ins>fine</ins> day'
    """
    pieces = []
    changes = word_changes(before, after)
    for i, change in enumerate(changes):
        if change.kind == "same":
            pieces.append(text(_shortened(change.before, keep, first=i == 0, last=i == len(changes) - 1)))
            continue
        pieces.append(f"<del>{text(change.before)}</del>" if change.before else "")
        pieces.append(f"<ins>{text(change.after)}</ins>" if change.after else "")
    return "".join(pieces)


def changed_row(rows: dict[str, Any]) -> str:
    """Return a few columns of a new row (as the gallery keeps them) below those of its parents, changes marked.

    Examples
    --------
    >>> row = {"columns": ["a"], "parents": [[1], [3]], "weights": [0.5, 0.5], "others": 0, "new": [2]}
    >>> changed_row(row).count('class="cw-changed'), changed_row(row).count("50%")
    (1, 2)
    """
    columns, new, parents = rows["columns"], rows["new"], rows["parents"]
    body = "".join(
        f'<tr class="cw-parent"><th>{weight:.0%}</th>{"".join(map(_cell, values))}</tr>'
        for values, weight in zip(parents, rows["weights"], strict=True)
    )
    if rows["others"]:
        more = f"and {rows['others']} more parents"
        body += f'<tr class="cw-parent"><th class="cw-mute" colspan="{len(columns) + 1}">{more}</th></tr>'
    first = dict(zip(columns, parents[0], strict=True)) if parents else {}
    cells = "".join(_new_cell(value, first, name) for name, value in zip(columns, new, strict=True))
    head = "<th></th>" + heads(columns, [new])
    return (
        f'<table class="cw-table cw-family cw-small"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}<tr><th>new</th>{cells}</tr></tbody></table>"
    )


def _picture_pair(pair: Pair) -> str:
    before = pair.parents[0] if pair.parents else None
    shown = before is not None and before.image is not None
    first = _picture(array_uri(before.image, SIZE), before.id) if shown else ""  # type: ignore[union-attr, arg-type]
    second = _picture(array_uri(pair.image, SIZE), "new") if pair.image is not None else ""
    caption = text(before.id if before else pair.id)
    drawn = text(drawn_words(pair.drawn))
    return (
        f'<figure><div class="cw-two">{first}<span class="cw-arrow">→</span>{second}</div>'
        f'<figcaption><span title="{caption}">{caption}</span><span class="cw-mute" title="{drawn}">{drawn}</span>'
        "</figcaption></figure>"
    )


def _picture(uri: str, alt: str) -> str:
    crisp = ' class="cw-crisp"' if uri.startswith("data:image/png") else ""
    return f'<img src="{uri}" alt="{text(alt)}"{crisp}>'


def _text_pair(pair: Pair, column: str) -> str:
    after = str(pair.values[column])
    parent = pair.parents[0] if pair.parents else None
    body = changed_text(str(parent.values[column]), after) if parent else f"<ins>{text(after)}</ins>"
    source = f"from {text(parent.id)}" if parent else "no parent"
    edits = pair.drawn.get("edits")
    n = f"{len(edits):,} change{'s' if len(edits) != 1 else ''}" if isinstance(edits, list) else ""
    return (
        f'<article class="cw-diff"><header><span class="cw-mute">{source}</span>'
        f'<span class="cw-mute">{n}</span></header>'
        f"<p>{body}</p></article>"
    )


def _rows(pairs: Sequence[Pair], label: str | None = None) -> str:
    """Return one table: the parents of each new row above it, the columns that change most first.

    A label that is made with the row stands before them.
    """
    if not pairs:
        return ""
    changes = Counter(name for pair in pairs for name in changed_columns(pair))
    names = list(pairs[0].values)
    order = sorted(names, key=lambda name: (name != label, -changes[name], names.index(name)))[:COLUMNS]
    more = f"<th>+ {len(names) - len(order):,} columns</th>" if len(names) > len(order) else ""
    titles = [f"{name} · label" if name == label else name for name in order]
    head = "<th></th>" + heads(titles, [[_plain(pair.values[name]) for name in order] for pair in pairs]) + more
    body = "".join(_row_group(pair, order) for pair in pairs)
    return (
        f'<div class="cw-scroll"><table class="cw-table cw-family"><thead><tr>{head}</tr></thead>{body}</table></div>'
    )


def _row_group(pair: Pair, order: Sequence[str]) -> str:
    shown = pair.parents if len(pair.parents) <= PARENTS + 1 else pair.parents[:PARENTS]
    parents = "".join(
        f'<tr class="cw-parent"><th>{text(parent.id)} <span class="cw-mute">{parent.weight:.0%}</span></th>'
        f"{''.join(_cell(_plain(parent.values[name])) for name in order)}</tr>"
        for parent in shown
    )
    if len(shown) < len(pair.parents):
        rest = pair.parents[PARENTS:]
        share = sum(parent.weight for parent in rest)
        said = f"and {len(rest)} more parents, {share:.0%}"
        parents += f'<tr class="cw-parent"><th class="cw-mute" colspan="{len(order) + 1}">{said}</th></tr>'
    first = pair.parents[0].values if pair.parents else {}
    cells = "".join(_new_cell(pair.values[name], first, name) for name in order)
    return f"<tbody>{parents}<tr><th>new</th>{cells}</tr></tbody>"


def _new_cell(value: Any, first: dict[str, Any], name: str) -> str:
    shown = _cell(_plain(value))
    if name in first and same_value(value, first[name]):
        return shown
    if 'class="' in shown:
        return shown.replace('class="', 'class="cw-changed ', 1)
    return shown.replace("<td", '<td class="cw-changed"', 1)


def _cell(value: Any) -> str:
    return cell(value, digits=short)


def _plain(value: Any) -> Any:
    """Return a cell of a frame as a plain Python value."""
    if hasattr(value, "item"):
        return value.item()
    return value.date() if hasattr(value, "date") and str(value).endswith("00:00:00") else value


def _shortened(piece: str, keep: int, *, first: bool, last: bool) -> str:
    if len(piece) <= 2 * keep:
        return piece
    if first and last:  # nothing changed at all
        return f"{_whole_words(piece[: 2 * keep])} …"
    head = "" if first else _whole_words(piece[:keep])
    tail = "" if last else _whole_words(piece[-keep:][::-1])[::-1]
    return f"{head} … {tail}"


def _whole_words(piece: str) -> str:
    """Return a piece without the word that its end cuts, unless it is one long word."""
    return piece.rpartition(" ")[0] or piece


def _says_more(drawn: dict[str, Any]) -> bool:
    """Whether the operator's name says something: where nothing else was drawn."""
    return "operator" in drawn and not any(n not in UNTOLD and _drawn_value(v) for n, v in drawn.items())


def _spaced(name: str) -> str:
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name)
    return words.strip()


def _drawn_value(value: Any) -> str:
    if isinstance(value, list):
        if not 0 < len(value) <= LONGEST_LIST:
            return f"({len(value):,})" if value else ""
        parts = [_drawn_value(item) for item in value]
        return ", ".join(part for part in parts if part)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_drawn_value(item)}" for name, item in value.items())
    return number(value).replace("-", "−") if isinstance(value, int | float) else str(value)
