"""Charts as HTML and SVG that follow the theme by themselves and cost a page almost nothing.

Functions return markup (pure, testable); `theme.draw` puts it on the page. For
charts that need axes and hovering, `figure_layout` is the shared look of
Plotly figures.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from augmentors.explore.health import percent
from pages.ui import theme
from pages.ui.theme import as_is, chip, number, text

LOG_FROM_RATIO = 20.0


def class_bars(
    rows: Sequence[Mapping[str, Any]],
    colours: Mapping[str, str],
    *,
    log: bool = False,
    targets: Mapping[str, int] | None = None,
) -> str:
    """Return bars of class sizes: training part solid, test part pale, a mark where the target is.

    Parameters
    ----------
    rows : sequence of mapping
        ``label``, ``train``, ``test``, ``total``, ``share`` (`class_table`).
    colours : mapping of str to str
    log : bool
        Logarithmic lengths.
    targets : mapping of str to int, optional
        Wanted training samples per class.
    """
    wanted = targets or {}
    largest = max([*(row["total"] for row in rows), *wanted.values(), 1])
    cells = "".join(
        _bar(row, colours.get(row["label"], "#888888"), largest, log, wanted.get(row["label"])) for row in rows
    )
    return f'<div class="cw-bars">{cells}</div>'


def class_sizes(counts: Mapping[str, int], most: int = 12) -> str:
    """Return classes with their sizes as words; where there are many, the rarest.

    Examples
    --------
    >>> class_sizes({"a": 9, "b": 2})
    'rarest first: b (2), a (9)'
    >>> class_sizes({"a": 9, "b": 2, "c": 4}, most=2)
    'rarest first: b (2), c (4) and 1 more (up to 9)'
    """
    ordered = sorted(counts.items(), key=lambda item: item[1])
    shown = ", ".join(f"{name} ({count:,})" for name, count in ordered[:most])
    rest = len(ordered) - most
    return f"rarest first: {shown}" + (f" and {rest:,} more (up to {ordered[-1][1]:,})" if rest > 0 else "")


def bars_key(*, target: bool) -> str:
    """Return the legend of `class_bars`."""
    mark = "<span><i class='cw-line'></i>target of “auto” (training part)</span>" if target else ""
    return f"<div class='cw-key'><span><i></i>train</span><span><i class='cw-test'></i>test</span>{mark}</div>"


def feature_multiples(features: Sequence[Mapping[str, Any]], colours: Mapping[str, str]) -> str:
    """Return one small chart per feature: the share of each class's samples over its values.

    Parameters
    ----------
    features : sequence of mapping
        ``column``, ``type``, ``score``, ``bins``, ``shares`` (`augmentors.overview`).
    """
    return f'<div class="cw-multiples">{"".join(_multiple(feature, colours) for feature in features)}</div>'


def legend(colours: Mapping[str, str], labels: Sequence[str]) -> str:
    """Return class names with their colours, in a row."""
    return '<div class="cw-key" style="opacity:1">' + "".join(chip(name, colours[name]) for name in labels) + "</div>"


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    colours: Mapping[str, str] | None = None,
    *,
    fit: bool = False,
    data: bool = False,
) -> str:
    """Return a table; the first column is drawn as class chips when `colours` is given.

    Parameters
    ----------
    fit : bool
        No wider than it needs to be.
    data : bool
        These are values of the data: nothing is rounded.
    """
    body = "".join(f"<tr>{_cells(row, colours, data)}</tr>" for row in rows)
    return framed_table(heads(columns, rows), body, fit=fit)


def heads(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return header cells that stand where their column's values stand: right over numbers."""
    kinds = [{_stands_right(row[i]) for row in rows if not _missing(row[i])} for i in range(len(columns))]
    over = [' class="cw-num"' if kind == {True} else "" for kind in kinds]
    return "".join(f"<th{own}>{text(name)}</th>" for own, name in zip(over, columns, strict=True))


def framed_table(head: str, body: str, *, fit: bool = False) -> str:
    """Return a table, of header cells and rows, that scrolls sideways inside a frame.

    Parameters
    ----------
    head, body : str
    fit : bool
        No wider than it needs to be.
    """
    table_ = f'<table class="cw-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="{"cw-scroll cw-fit" if fit else "cw-scroll"}">{table_}</div>'


def cell(value: Any, data: bool = False, digits: Callable[[object], str] | None = None) -> str:
    """Return one table cell: numbers right, missing as a dash, long text clipped.

    Parameters
    ----------
    value : object
    data : bool
        A value of the data: unrounded.
    digits : callable, optional
        Writes numbers; else `theme.as_is` for the data and `theme.number` for other figures.
    """
    write = digits or (as_is if data else number)
    if _missing(value):
        return '<td class="cw-none">–</td>'
    if isinstance(value, bool):
        return f"<td>{'yes' if value else 'no'}</td>"
    if isinstance(value, (int, float)):
        return f'<td class="cw-num">{write(value)}</td>'
    shown = as_is(value) if data else str(value)
    if _stands_right(value):
        return f'<td class="cw-num">{text(shown)}</td>'
    return f'<td title="{text(shown[:400])}">{text(shown if len(shown) <= 80 else shown[:79] + "…")}</td>'


def figure_layout(**changes: Any) -> dict[str, Any]:
    """Return the shared look of Plotly figures: no frame, faint grid, room only where it is used."""
    axis = {"zeroline": False, "showline": False, "gridcolor": "rgba(128,136,144,.18)", "automargin": True}
    return {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": dict(axis),
        "yaxis": dict(axis),
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "hoverlabel": {"align": "left"},
        "separators": ".,",
    } | changes


# -- parts -----------------------------------------------------------------------


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in ("<NA>", "NaT")


def _stands_right(value: Any) -> bool:
    """Whether a value is a number or a percentage."""
    if isinstance(value, str):
        return value.endswith(" %") and value[:1] in "<0123456789"
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _bar(row: Mapping[str, Any], colour: str, largest: int, log: bool, target: int | None) -> str:
    label, train, total = str(row["label"]), int(row["train"]), int(row["total"])
    whole, solid = _length(total, largest, log), _length(train, largest, log)
    mark = (
        f'<span class="cw-target" style="left:{_length(target, largest, log):.2f}%"></span>'
        if target and target > train
        else ""
    )
    hover = f"{label}: {train:,} train, {total - train:,} test" + (f", target {target:,}" if mark else "")
    return (
        f'<span class="cw-name" title="{text(label)}">{text(label)}</span>'
        f'<span class="cw-track" title="{text(hover)}">'
        f'<span class="cw-fill cw-test" style="width:{whole:.2f}%;background:{colour}"></span>'
        f'<span class="cw-fill" style="width:{solid:.2f}%;background:{colour}"></span>{mark}</span>'
        f'<span class="cw-count">{total:,} <span class="cw-mute">{percent(row["share"])}</span></span>'
    )


def _length(count: int, largest: int, log: bool) -> float:
    """Return a bar's length in percent; on the logarithmic scale one sample still shows."""
    if count <= 0:
        return 0.0
    return 100 * (math.log1p(count) / math.log1p(largest) if log else count / largest)


def separation_words(feature: Mapping[str, Any]) -> str:
    """Return how well a feature tells the classes apart, or that this cannot be told from chance."""
    if feature.get("clear", True):
        return f"separates {100 * float(feature['score']):.0f} %"
    return "too few samples to tell" if feature["chance"] > 0.1 else "separates no better than chance"


def _multiple(feature: Mapping[str, Any], colours: Mapping[str, str]) -> str:
    shares: Mapping[str, Sequence[float]] = feature["shares"]
    bins = list(feature["bins"])
    top = max([value for values in shares.values() for value in values] + [1e-9])
    ordered = feature["type"] in ("number", "integer", "date")
    if ordered and len(bins) > 2:
        marks = "".join(_outline(values, top, colours.get(name, "#888")) for name, values in shares.items())
        first, last = (bins[0].split(" – ")[0], bins[-1].split(" – ")[-1])
    else:
        marks = _grouped(shares, top, colours)
        first, last = (bins[0], bins[-1] if len(bins) > 1 else "")
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 92" preserveAspectRatio="none">'
        f'<line x1="0" x2="240" y1="91" y2="91" stroke="#808890" stroke-opacity=".5"/>{marks}</svg>'
    )
    return (
        f'<figure><figcaption><span title="{text(feature["column"])}">{text(feature["column"])}</span>'
        f"<span>{separation_words(feature)}</span></figcaption>"
        + theme.svg(drawing, f"{feature['column']} by class")
        + f'<div class="cw-ends"><span>{text(first)}</span><span>{text(last)}</span></div></figure>'
    )


def _outline(values: Sequence[float], top: float, colour: str) -> str:
    """Return the outline of a histogram, so that classes can lie over each other."""
    width, path = 240 / len(values), "M0,91"
    for i, value in enumerate(values):
        y = 90 - 84 * value / top
        path += f"L{i * width:.1f},{y:.1f}L{(i + 1) * width:.1f},{y:.1f}"
    return (
        f'<path d="{path}L240,91" fill="{colour}" fill-opacity=".1" stroke="{colour}" stroke-width="1.8" '
        'vector-effect="non-scaling-stroke"/>'
    )


def _grouped(shares: Mapping[str, Sequence[float]], top: float, colours: Mapping[str, str]) -> str:
    """Return bars side by side, one group per value."""
    n_bins = max((len(values) for values in shares.values()), default=1)
    group = 240 / max(n_bins, 1)
    width = 0.8 * group / max(len(shares), 1)
    marks = []
    for j, (name, values) in enumerate(shares.items()):
        for i, value in enumerate(values):
            height = 84 * value / top
            x = i * group + 0.1 * group + j * width
            marks.append(
                f'<rect x="{x:.1f}" y="{91 - height:.1f}" width="{max(width - 0.4, 0.4):.1f}" height="{height:.1f}" '
                f'fill="{colours.get(name, "#888")}"/>'
            )
    return "".join(marks)


def _cells(row: Sequence[Any], colours: Mapping[str, str] | None, data: bool) -> str:
    if colours is None:
        return "".join(cell(value, data) for value in row)
    first = f"<td>{chip(str(row[0]), colours.get(str(row[0]), '#888888'))}</td>"
    return first + "".join(cell(value, data) for value in row[1:])
