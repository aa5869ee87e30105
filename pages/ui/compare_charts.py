"""Charts of a comparison: differences with intervals, classes, confusion, precision and recall."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from pages.ui.charts import figure_layout
from pages.ui.theme import chip, number, text

PLAIN, WEIGHTED = "plain", "class_weight"
MEASURES = (("recall", "Recall"), ("f1", "F1"))
CURVES = 8
# Two tables of more columns do not fit side by side; a map does, and holds its counts up to so many classes.
TABLE_CLASSES, COUNTED_CLASSES = 6, 14
BETTER, WORSE = "#0072B2", "#D55E00"
ARM_COLOURS = ("#009E73", "#0072B2", "#CC79A7", "#56B4E9", "#E69F00")
GREY = "#808890"


def arm_title(name: str, title: str) -> str:
    """Return an arm's name for people."""
    return {PLAIN: "Before", WEIGHTED: "Class weights", "augmented": "After (with new samples)"}.get(name, title)


def forest(comparison: Mapping[str, Any], metric: str) -> go.Figure:
    """Return differences from the plain model with their intervals, a line at 0, better to the right."""
    rows = [d for d in comparison["differences"] if d["metric"] == metric and d["class"] is None]
    learners = {one["key"]: one["title"] for one in comparison["learners"]}
    titles = {arm["name"]: arm_title(arm["name"], arm["title"]) for arm in comparison["arms"]}
    sign = -1 if any(m["key"] == metric and m["lower_is_better"] for m in comparison["metrics"]) else 1
    figure = go.Figure()
    arms = [name for name in titles if name != PLAIN]
    for i, arm in enumerate(arms):
        own = [d for d in rows if d["arm"] == arm and d["mean"] is not None]
        place = [_row(list(learners).index(d["learner"]), i, len(arms)) for d in own]
        figure.add_trace(_differences(own, place, titles[arm], learners, sign, i))
    figure.add_vline(x=0, line_width=1.4, line_color=GREY)
    axis = figure_layout()["xaxis"] | {"title": "difference from before (points)", "ticksuffix": ""}
    ticks = {"tickvals": list(range(len(learners))), "ticktext": list(learners.values()), "autorange": "reversed"}
    height = 90 + 30 * len(arms) * len(learners)
    figure.update_layout(
        **look(height=height, xaxis=axis, yaxis=figure_layout()["yaxis"] | ticks | {"showgrid": False})
    )
    return figure


def look(**changes: Any) -> dict[str, Any]:
    """Return the shared look with letters large enough to read beside tables."""
    return figure_layout(font={"size": 13}, **changes)


def _row(learner: int, arm: int, arms: int) -> float:
    return learner + (arm - (arms - 1) / 2) * 0.26


def _differences(
    rows: Sequence[Mapping[str, Any]],
    place: Sequence[float],
    title: str,
    learners: Mapping[str, str],
    sign: int,
    i: int,
) -> go.Scatter:
    """Return one arm's marks; for a metric where lower is better the sign turns, so right is always better."""
    means = [100 * sign * d["mean"] for d in rows]
    ends = [sorted((100 * sign * d["low"], 100 * sign * d["high"])) for d in rows]
    said = [
        f"{learners[d['learner']]}, {title}: {m:+.1f} points [{low:+.1f}, {high:+.1f}]"
        for d, m, (low, high) in zip(rows, means, ends, strict=True)
    ]
    colour = GREY if title == "Class weights" else ARM_COLOURS[i % len(ARM_COLOURS)]
    return go.Scatter(
        x=means,
        y=list(place),
        mode="markers",
        name=title,
        marker={"size": 10, "color": colour, "symbol": "diamond" if title == "Class weights" else "circle"},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - m for m, (_, high) in zip(means, ends, strict=True)],
            "arrayminus": [m - low for m, (low, _) in zip(means, ends, strict=True)],
            "thickness": 1.6,
            "width": 4,
            "color": colour,
        },
        text=said,
        hovertemplate="%{text}<extra></extra>",
    )


def class_table(comparison: Mapping[str, Any], learner: str, colours: Mapping[str, str]) -> str:
    """Return recall and F1 per class for every arm, cells tinted by the change from before, with test counts."""
    arms = [arm for arm in comparison["arms"] if arm["learner"] == learner]
    plain = next(arm for arm in arms if arm["name"] == PLAIN)
    support = comparison["support"]
    labels = sorted(comparison["classes"], key=lambda name: (support[name], name))
    groups = "".join(f'<th colspan="{len(arms)}">{title}</th>' for _, title in MEASURES)
    heads = "".join(f'<th class="cw-num">{text(_short(arm))}</th>' for _ in MEASURES for arm in arms)
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


def _short(arm: Mapping[str, Any]) -> str:
    return {PLAIN: "before", WEIGHTED: "weights", "augmented": "after"}.get(arm["name"], str(arm["title"]))


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
