"""The verdict on screen: the answer with its colour and reason, arms with intervals, and what each class got."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from pages.ui.charts import figure_layout, framed_table, table
from pages.ui.compare_charts import BETTER, GREY, PLAIN, WORSE, arm_title, look, short_title
from pages.ui.theme import chip, text

COLOURS = {
    "Helps": "#009E73",
    "Same as a threshold move": "#0072B2",
    "No detectable effect": "#808890",
    "Harms": "#D55E00",
}
UNJUDGED = "#d98a00"
MAP_CLASSES = 30
FEWEST = 3


def banner(verdict: Mapping[str, Any]) -> str:
    """Return the verdict, large, in its colour: the reason beside it, the rest below."""
    label, parts = str(verdict["label"]), verdict.get("sentences") or {}
    shown = label[:1].upper() + label[1:]
    colour = COLOURS.get(label, UNJUDGED)
    rest = [said for name, said in parts.items() if name != "result" and said]
    more = "".join(f"<li>{text(said)}</li>" for said in rest)
    listed = f"<ul>{more}</ul>" if more else ""
    return (
        f'<div class="cw-verdict" style="--cw-verdict:{colour}"><b>{text(shown)}</b>'
        f"<div><span>{text(parts.get('result') or verdict['sentence'])}</span>{listed}</div>"
        "</div>"
    )


def first_learner(comparison: Mapping[str, Any]) -> str:
    """Return the learner that decides, else the first one."""
    keys = [one["key"] for one in comparison["learners"]]
    primary = comparison["verdict"].get("learner")
    return str(primary if primary in keys else keys[0])


def forest(comparison: Mapping[str, Any], learner: str, metric: str) -> go.Figure:
    """Return every arm's difference from plain with its interval, on the folds and on the test part.

    Right of the line is better, whatever the metric.
    """
    titles = {a["name"]: arm_title(a["name"], a["title"]) for a in comparison["arms"] if a["learner"] == learner}
    arms = _new_first(comparison, learner)
    sign = -1 if any(m["key"] == metric and m["lower_is_better"] for m in comparison["metrics"]) else 1
    figure = go.Figure()
    sources = (("fold_differences", "folds of the training part (decide)", -0.13), ("differences", "test part", 0.13))
    for source, name, shift in sources:
        own = {
            d["arm"]: d
            for d in comparison.get(source, [])
            if d["learner"] == learner and d["metric"] == metric and d["class"] is None and d["mean"] is not None
        }
        figure.add_trace(_marks([own.get(arm) for arm in arms], [titles[a] for a in arms], name, shift, sign))
    figure.add_vline(x=0, line_width=1.4, line_color=GREY)
    title = f"{'lower' if sign < 0 else 'higher'} than before by (points); right is better"
    axis = figure_layout()["xaxis"] | {"title": title, "ticksuffix": ""}
    rows = figure_layout()["yaxis"] | {
        "tickvals": list(range(len(arms))),
        "ticktext": [titles[arm] for arm in arms],
        "range": [len(arms) - 0.4, -0.6],
        "showgrid": False,
        "automargin": True,
    }
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    figure.update_layout(**look(height=120 + 42 * len(arms), xaxis=axis, yaxis=rows, legend=legend))
    return figure


def _marks(rows: Sequence[Mapping[str, Any] | None], titles: Sequence[str], name: str, shift: float, sign: int) -> Any:
    """Return the marks of one source; for a metric where lower is better the sign turns."""
    decides = shift < 0
    known = [(i, row) for i, row in enumerate(rows) if row is not None]
    means = [100 * sign * row["mean"] for _, row in known]
    ends = [_ends(row, mean, sign) for (_, row), mean in zip(known, means, strict=True)]
    colour = BETTER if decides else GREY
    said = [
        f"{titles[i]}, {name}: {mean:+.1f} points [{low:+.1f}, {high:+.1f}]"
        for (i, _), mean, (low, high) in zip(known, means, ends, strict=True)
    ]
    return go.Scatter(
        x=means,
        y=[i + shift for i, _ in known],
        mode="markers",
        name=name,
        marker={"size": 10 if decides else 8, "color": colour, "symbol": "circle" if decides else "diamond-open"},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - mean for mean, (_, high) in zip(means, ends, strict=True)],
            "arrayminus": [mean - low for mean, (low, _) in zip(means, ends, strict=True)],
            "thickness": 1.8 if decides else 1.2,
            "width": 4,
            "color": colour,
        },
        text=said,
        hovertemplate="%{text}<extra></extra>",
    )


def _ends(row: Mapping[str, Any], mean: float, sign: int) -> tuple[float, float]:
    if row["low"] is None or row["high"] is None:
        return mean, mean
    low, high = sorted((100 * sign * row["low"], 100 * sign * row["high"]))
    return low, high


def judged(comparison: Mapping[str, Any], learner: str) -> str:
    """Return what the rules say of each arm of a learner, in words; nothing where they were not asked."""
    verdict = comparison["verdict"]
    others = {one["learner"]: one["arms"] for one in verdict.get("other_learners", [])}
    decides = verdict.get("learner") == learner
    arms = verdict.get("arms", []) if decides else others.get(learner, [])
    titles = {arm["name"]: arm_title(arm["name"], arm["title"]) for arm in comparison["arms"]}
    named: dict[str, list[str]] = {}
    for one in arms:
        named.setdefault(one["label"], []).append(titles.get(one["arm"], one["arm"]))
    if not named:
        return ""
    said = "; ".join(f"{label}: {', '.join(named[label])}" for label in COLOURS if label in named)
    alone = "" if decides else " This model does not decide the verdict."
    return f"By the verdict's rules, which adjust for the number of arms. {said}.{alone}"


def recall_map(comparison: Mapping[str, Any], learner: str, colours: Mapping[str, str]) -> str:
    """Return a heat map of classes × arms: how many points of recall each arm gives or takes, with test counts."""
    arms = [arm for arm in comparison["arms"] if arm["learner"] == learner]
    plain = next(arm for arm in arms if arm["name"] == PLAIN)
    others = [arm for name in _new_first(comparison, learner) for arm in arms if arm["name"] == name]
    support = comparison["support"]
    results = {one["class"]: one["result"] for one in comparison["verdict"].get("classes", [])}
    labels = sorted(comparison["classes"], key=lambda name: (support[name], name))[:MAP_CLASSES]
    heads = "".join(
        f'<th class="cw-num" title="{text(title)}">{text(name)}</th>'
        for name, title in (("test samples", ""), ("before", ""), *((short_title(a), a["title"]) for a in others))
    )
    body = "".join(
        f"<tr><td>{chip(label, colours.get(label, '#888888'))}{_few(results.get(label))}</td>"
        f'<td class="cw-num">{support[label]:,}</td>{_value(plain["per_class"][label]["recall"])}'
        + "".join(_change(arm["per_class"][label]["recall"], plain["per_class"][label]["recall"]) for arm in others)
        + "</tr>"
        for label in labels
    )
    return framed_table(f"<th>class</th>{heads}", body)


def _new_first(comparison: Mapping[str, Any], learner: str) -> list[str]:
    """Return the arms but the plain one: new samples first, then what is free, from the cheapest on."""
    arms = [arm for arm in comparison["arms"] if arm["learner"] == learner and arm["name"] != PLAIN]
    return [arm["name"] for arm in sorted(arms, key=lambda arm: not arm.get("synthetic", {}).get("given"))]


def _few(result: str | None) -> str:
    return ' <span class="cw-few">not decidable</span>' if result == "not decidable" else ""


def _value(value: float | None) -> str:
    return '<td class="cw-num cw-none">–</td>' if value is None else f'<td class="cw-num">{value:.2f}</td>'


def _change(value: float | None, before: float | None) -> str:
    if value is None or before is None:
        return '<td class="cw-num cw-none">–</td>'
    change = 100 * (value - before)
    strength = min(abs(change) / 30, 1.0) * 55
    colour = BETTER if change > 0 else WORSE
    tint = f"background:color-mix(in srgb, {colour} {strength:.0f}%, transparent)" if abs(change) >= 0.5 else ""
    shown = f"{change:+.0f}" if abs(change) >= 0.5 else "0"
    return f'<td class="cw-num" style="{tint}" title="recall {value:.3f}, before {before:.3f}">{shown}</td>'


def probabilities(comparison: Mapping[str, Any], learner: str) -> str:
    """Return how far each arm's probabilities can be believed, before any recalibration; nothing for old results."""
    arms = [arm for arm in comparison["arms"] if arm["learner"] == learner and "brier_parts" in arm]
    if not arms:
        return ""
    heads = ["Training", "Brier score", "reliability", "resolution", "log loss", "calibration error"]
    rows = []
    for arm in arms:
        values = [arm["metrics"]["brier"]["mean"], arm["brier_parts"]["reliability"], arm["brier_parts"]["resolution"]]
        values += [arm["metrics"][name]["mean"] for name in ("log_loss", "ece")]
        numbers = [None if value is None else round(value, 4) for value in values]
        rows.append([arm_title(arm["name"], arm["title"]), *numbers])
    return table(heads, rows, fit=True)


def reliability(arm: Mapping[str, Any], classes: Sequence[str], colours: Mapping[str, str]) -> go.Figure:
    """Return what happened over what was predicted, a line per class; the diagonal can be believed."""
    line = {"color": GREY, "dash": "dot", "width": 1.4}
    diagonal = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line=line, hoverinfo="skip", showlegend=False)
    figure = go.Figure(diagonal)
    for name in classes:
        curve = arm.get("calibration", {}).get(name)
        if curve is None:
            continue
        # A share of one or two samples is noise that hides the others.
        points = zip(curve["predicted"], curve["observed"], curve["samples"], strict=True)
        predicted, observed, samples = zip(*[p for p in points if p[2] >= FEWEST] or [(None, None, 1)], strict=True)
        largest = max(samples)
        figure.add_trace(
            go.Scatter(
                x=predicted,
                y=observed,
                customdata=samples,
                mode="lines+markers",
                name=name,
                line={"color": colours.get(name, "#888888"), "width": 2},
                marker={"size": [5 + 9 * (n / largest) ** 0.5 for n in samples]},
                hovertemplate=f"{name}<br>predicted %{{x:.2f}}, happened %{{y:.2f}}, %{{customdata:,.0f}} samples"
                "<extra></extra>",
            )
        )
    faint = figure_layout()
    figure.update_layout(
        **look(
            height=320,
            xaxis=faint["xaxis"] | {"title": "predicted probability", "range": [-0.02, 1.02]},
            yaxis=faint["yaxis"] | {"title": "share that was of the class", "range": [-0.02, 1.02]},
            legend={"orientation": "h", "y": -0.24, "yanchor": "top", "x": 0},
        )
    )
    return figure
