"""Charts of a comparison: classes, confusion, precision and recall."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from pages.ui.charts import figure_layout
from pages.ui.theme import chip, number, text

PLAIN, WEIGHTED, MOVED = "plain", "class_weight", "threshold"
MEASURES = (("recall", "Recall"), ("f1", "F1"))
CURVES = 8
# Two tables of more columns do not fit side by side; a map does, and holds its counts up to so many classes.
TABLE_CLASSES, COUNTED_CLASSES = 6, 14
SHORT = {
    PLAIN: "before",
    WEIGHTED: "weights",
    MOVED: "threshold",
    "augmented": "after",
    "effective_weight": "effective weights",
    "random_under": "under-sampling",
    "random_over": "over-sampling",
    "balanced_bagging": "bagging",
    "class_balanced_focal": "balanced focal",
    "ldam_drw": "LDAM-DRW",
    "crt": "cRT",
}
BETTER, WORSE = "#0072B2", "#D55E00"
GREY = "#808890"


def arm_title(name: str, title: str) -> str:
    """Return an arm's name for people."""
    return {PLAIN: "Before", WEIGHTED: "Class weights", "augmented": "After (with new samples)"}.get(name, title)


def look(**changes: Any) -> dict[str, Any]:
    """Return the shared look with letters large enough to read beside tables."""
    return figure_layout(font={"size": 13}, **changes)


def class_table(comparison: Mapping[str, Any], learner: str, colours: Mapping[str, str]) -> str:
    """Return recall and F1 per class for the main arms, cells tinted by the change from before, with test counts."""
    own = [arm for arm in comparison["arms"] if arm["learner"] == learner]
    new = [arm for arm in own if arm["synthetic"]["given"]]
    # More columns than these cannot be read side by side; the map of recall shows every arm.
    arms = [arm for arm in own if arm in new or arm["name"] in (PLAIN, MOVED, WEIGHTED)]
    plain = next(arm for arm in arms if arm["name"] == PLAIN)
    support = comparison["support"]
    labels = sorted(comparison["classes"], key=lambda name: (support[name], name))
    groups = "".join(f'<th colspan="{len(arms)}">{title}</th>' for _, title in MEASURES)
    heads = "".join(f'<th class="cw-num">{text(short_title(arm))}</th>' for _ in MEASURES for arm in arms)
    body = "".join(
        f"<tr><td>{chip(name, colours.get(name, '#888888'))}</td><td class='cw-num'>{support[name]:,}</td>"
        + "".join(_change_cell(arm, plain, name, key) for key, _ in MEASURES for arm in arms)
        + "</tr>"
        for name in labels
    )
    return (
        f'<div class="cw-scroll"><table class="cw-table"><thead><tr><th></th><th></th>{groups}</tr>'
        f'<tr><th>class</th><th class="cw-num">test samples</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def short_title(arm: Mapping[str, Any]) -> str:
    """Return an arm's name for the head of a column."""
    return SHORT.get(arm["name"], str(arm["title"]))


def _change_cell(arm: Mapping[str, Any], plain: Mapping[str, Any], label: str, key: str) -> str:
    value, before = arm["per_class"][label][key], plain["per_class"][label][key]
    if value is None or before is None:
        return '<td class="cw-num cw-none">–</td>'
    if arm["name"] == PLAIN:
        return f'<td class="cw-num">{value:.2f}</td>'
    change = value - before
    strength = min(abs(change) / 0.3, 1.0) * 55
    colour = BETTER if change > 0 else WORSE
    tint = f"background:color-mix(in srgb, {colour} {strength:.0f}%, transparent)" if abs(change) >= 0.005 else ""
    return f'<td class="cw-num" style="{tint}" title="{change:+.3f} from before">{value:.2f}</td>'


def confusion(arm: Mapping[str, Any], classes: Sequence[str], colours: Mapping[str, str]) -> str:
    """Return a confusion matrix as a table: rows true, columns predicted, tinted by the share of the row."""
    matrix = arm["confusion"]
    head = "".join(f'<th class="cw-num" title="{text(name)}">{text(_clip(name))}</th>' for name in classes)
    rows = []
    for i, name in enumerate(classes):
        whole = sum(matrix[i]) or 1
        cells = "".join(_count_cell(value, value / whole, i == j) for j, value in enumerate(matrix[i]))
        rows.append(f"<tr><td>{chip(name, colours.get(name, '#888888'))}</td>{cells}</tr>")
    return (
        f'<div class="cw-scroll"><table class="cw-table"><thead><tr><th>true ↓ predicted →</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def confusion_map(arm: Mapping[str, Any], classes: Sequence[str]) -> go.Figure:
    """Return a confusion matrix of many classes as a heat map of row shares."""
    shares = [[value / (sum(row) or 1) for value in row] for row in arm["confusion"]]
    scale = [[0, "rgba(0,114,178,0)"], [1, "rgba(0,114,178,1)"]]
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=list(classes),
            y=list(classes),
            hovertemplate="'%{y}' taken for '%{x}': %{z:.0%} of its samples<extra></extra>",
            colorscale=scale,
            zmin=0,
            zmax=1,
            showscale=False,
        )
    )
    if len(classes) <= COUNTED_CLASSES:
        # Letters on filled cells are white; all others follow the theme.
        figure.add_trace(_counts(arm, classes, shares, filled=True))
        figure.add_trace(_counts(arm, classes, shares, filled=False))
    plain = {"showgrid": False}
    axis = figure_layout()["yaxis"] | plain | {"autorange": "reversed", "title": "true"}
    across = figure_layout()["xaxis"] | plain | {"title": "predicted"}
    figure.update_layout(**look(height=max(380, 14 * len(classes)), yaxis=axis, xaxis=across, showlegend=False))
    return figure


def _counts(arm: Mapping[str, Any], classes: Sequence[str], shares: list[list[float]], *, filled: bool) -> go.Scatter:
    """Return the rounded counts of the cells with a strong, or a weak, colour as letters."""
    cells = [
        (classes[j], classes[i], f"{int(value + 0.5):,}")
        for i, row in enumerate(arm["confusion"])
        for j, value in enumerate(row)
        if value >= 0.5 and (shares[i][j] > 0.45) == filled
    ]
    x, y, letters = zip(*cells, strict=True) if cells else ((), (), ())
    font = {"color": "#ffffff"} if filled else None
    return go.Scatter(x=x, y=y, text=letters, mode="text", textfont=font, hoverinfo="skip")


def _count_cell(value: float, share: float, right: bool) -> str:
    colour = BETTER if right else WORSE
    tint = f"background:color-mix(in srgb, {colour} {60 * share:.0f}%, transparent)" if share >= 0.01 else ""
    shown = f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:,.1f}"
    return f'<td class="cw-num" style="{tint}" title="{share:.1%} of the row">{shown}</td>'


def _clip(name: str) -> str:
    return name if len(name) <= 10 else name[:9] + "…"


def pr_curves(arm: Mapping[str, Any], classes: Sequence[str], colours: Mapping[str, str]) -> go.Figure:
    """Return precision over recall, a line per class, in the classes' colours."""
    figure = go.Figure()
    for name in classes[:CURVES]:
        curve = arm["pr_curves"].get(name)
        if curve is None:
            continue
        figure.add_trace(
            go.Scatter(
                x=curve["recall"],
                y=curve["precision"],
                mode="lines",
                name=name,
                line={"color": colours.get(name, "#888888"), "width": 2},
                hovertemplate=f"{name}<br>recall %{{x:.2f}}, precision %{{y:.2f}}<extra></extra>",
            )
        )
    faint = figure_layout()
    figure.update_layout(
        **look(
            height=320,
            xaxis=faint["xaxis"] | {"title": "recall", "range": [0, 1.01]},
            yaxis=faint["yaxis"] | {"title": "precision", "range": [0, 1.02]},
            legend={"orientation": "h", "y": -0.24, "yanchor": "top", "x": 0},
        )
    )
    return figure


def metric_rows(comparison: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the table of all scores, each with its interval."""
    metrics = comparison["metrics"]
    rows = []
    for arm in comparison["arms"]:
        cells = [_interval(arm["metrics"][m["key"]]) for m in metrics]
        rows.append([arm["learner_title"], arm_title(arm["name"], arm["title"]), *cells])
    return ["Model", "Training", *(m["title"] for m in metrics)], rows


def _interval(score: Mapping[str, Any]) -> str:
    if score["mean"] is None:
        return "–"
    low, high = score.get("low"), score.get("high")
    ends = f" [{low:.3f}, {high:.3f}]" if low is not None and high is not None else ""
    return f"{number(round(score['mean'], 3))}{ends}"
