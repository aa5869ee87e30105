"""Charts of a comparison as SVG: the same in the report and as downloads from the app.

Text and axes take `currentColor`, so that a page's theme colours them; alone,
in a viewer, they are dark on white.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

PLAIN = "plain"
BETTER, WORSE, GREY = "#0072B2", "#D55E00", "#808890"
# The app's colours of up to seven classes, the rarest first.
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#808890")
WIDTH, ROW, LEFT = 760, 34, 230
MAP_CLASSES, CURVES = 30, 7
FEWEST = 3


def forest_svg(comparison: Mapping[str, Any], learner: str, metric: str = "average_precision") -> str:
    """Return every arm's difference from plain with its interval, on the folds and on the test part; right is better.

    Parameters
    ----------
    comparison : mapping
        See `comparison_json.as_json`.
    learner, metric : str
        Keys.
    """
    arms = arms_of(comparison, learner)[1:]
    sign = -1 if any(m["key"] == metric and m["lower_is_better"] for m in comparison["metrics"]) else 1
    sources = {
        name: {
            d["arm"]: _turned(d, sign)
            for d in comparison.get(name, [])
            if d["learner"] == learner and d["metric"] == metric and d["class"] is None and d["mean"] is not None
        }
        for name in ("fold_differences", "differences")
    }
    ends = [value for own in sources.values() for row in own.values() for value in row]
    scale = _Scale(min([*ends, -1.0]), max([*ends, 1.0]), LEFT, WIDTH - 20)
    height = 62 + ROW * len(arms)
    marks = [_text(LEFT - 10, 47 + ROW * i + 4, _clip(arm["title"]), "end") for i, arm in enumerate(arms)]
    unit = "per cent" if comparison.get("task") == "regression" else "points"
    marks += _axis(
        scale, height - 32, 26, f"{'lower' if sign < 0 else 'higher'} than plain by ({unit}); right is better"
    )
    for name, colour, shift in (("fold_differences", BETTER, -6), ("differences", GREY, 6)):
        for i, arm in enumerate(arms):
            if arm["name"] in sources[name]:
                marks.append(_interval(scale, 47 + ROW * i + shift, sources[name][arm["name"]], colour))
    zero = scale(0.0)
    marks.append(
        f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="26" y2="{height - 32}" stroke="{GREY}" stroke-width="1.4"/>'
    )
    marks += _key([("folds of the training part (decide)", BETTER), ("test part", GREY)], LEFT, 14)
    return _svg(marks, height, f"Differences of {metric} from the plain model")


def recall_svg(comparison: Mapping[str, Any], learner: str) -> str:
    """Return classes × arms: how many points of recall each arm gives or takes on the test part, with test counts."""
    plain, *arms = arms_of(comparison, learner)
    labels = rarest_first(comparison)[:MAP_CLASSES]
    cell = (WIDTH - LEFT - 90) / (len(arms) + 1)
    marks = [_text(LEFT + cell * (j + 0.5), 0, name, "start", turn=True) for j, name in enumerate(["plain recall"])]
    marks += [
        _text(LEFT + cell * (j + 1.5), 0, _clip(arm["title"], 20), "start", turn=True) for j, arm in enumerate(arms)
    ]
    for i, label in enumerate(labels):
        y = 120 + 26 * i
        marks.append(_text(LEFT - 10, y + 17, f"{_clip(label)} ({comparison['support'][label]:,})", "end"))
        before = plain["per_class"][label]["recall"]
        marks.append(_text(LEFT + cell / 2, y + 17, "–" if before is None else f"{before:.2f}", "middle"))
        for j, arm in enumerate(arms):
            marks.append(_change(LEFT + cell * (j + 1), y, cell, before, arm["per_class"][label]["recall"]))
    return _svg(marks, 130 + 26 * len(labels), "Points of recall won and lost per class and arm")


def reliability_svg(arm: Mapping[str, Any], labels: Sequence[str], colours: Mapping[str, str] | None = None) -> str:
    """Return what happened over what was predicted, a line per class; along the diagonal it can be believed."""
    side, left, top = 300, 60, 34
    shown = [label for label in labels if label in arm.get("calibration", {})][:CURVES]
    tint = dict(zip(shown, COLOURS, strict=False)) | dict(colours or {})
    across, up = _Scale(0, 1, left, left + side), _Scale(0, 1, top + side, top)
    marks = [_text(left, 16, arm["title"], "start")]
    marks += [
        f'<path d="M{left},{top + side}L{left + side},{top}" stroke="{GREY}" stroke-dasharray="2 4" fill="none"/>',
        f'<path d="M{left},{top}V{top + side}H{left + side}" stroke="{GREY}" fill="none"/>',
    ]
    for tick in (0, 0.5, 1):
        marks += [
            _text(across(tick), top + side + 18, f"{tick:g}", "middle"),
            _text(left - 8, up(tick) + 4, f"{tick:g}"),
        ]
    marks.append(
        _text(left + side / 2, top + side + 38, "predicted probability; up: share that was of the class", "middle")
    )
    for label in shown:
        curve = arm["calibration"][label]
        points = [
            p for p in zip(curve["predicted"], curve["observed"], curve["samples"], strict=True) if p[2] >= FEWEST
        ]
        line = " ".join(f"{across(p):.1f},{up(o):.1f}" for p, o, _ in points)
        marks.append(f'<polyline points="{line}" fill="none" stroke="{tint[label]}" stroke-width="2"/>')
        largest = max([n for *_, n in points], default=1)
        marks += [
            f'<circle cx="{across(p):.1f}" cy="{up(o):.1f}" r="{2.5 + 4 * (n / largest) ** 0.5:.1f}" '
            f'fill="{tint[label]}">'
            f"<title>{escape(label)}: predicted {p:.2f}, happened {o:.2f}, {n:,.0f} samples</title></circle>"
            for p, o, n in points
        ]
    marks += _key([(_clip(label), tint[label]) for label in shown], left, top + side + 60, column=True)
    return _svg(marks, top + side + 64 + 18 * len(shown), f"Reliability of {arm['title']}", left + side + 30)


def arms_of(comparison: Mapping[str, Any], learner: str) -> list[Mapping[str, Any]]:
    """Return the arms of one learner: the plain one, new samples, then what is free, from the cheapest on."""
    own = [arm for arm in comparison["arms"] if arm["learner"] == learner]
    return sorted(own, key=lambda arm: (arm["name"] != PLAIN, not arm["synthetic"]["given"]))


def rarest_first(comparison: Mapping[str, Any]) -> list[str]:
    """Return the classes by their test samples, the fewest first."""
    support = comparison["support"]
    return sorted(comparison["classes"], key=lambda label: (support[label], label))


class _Scale:
    """A straight map from values to pixels."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self._start = low, high, start
        self._each = (end - start) / (high - low)

    def __call__(self, value: float) -> float:
        return self._start + (value - self.low) * self._each

    def ticks(self) -> list[float]:
        """Return round values, at most about eight."""
        span = self.high - self.low
        step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50, 100) if span / s <= 8 or s == 100)
        return [step * i for i in range(int(self.low // step) + 1, int(self.high // step) + 1)]


def _turned(row: Mapping[str, Any], sign: int) -> tuple[float, float, float]:
    """Return mean and ends in points, larger being better; without limits the mean stands for them."""
    mean = 100 * sign * row["mean"]
    if row["low"] is None or row["high"] is None:
        return mean, mean, mean
    low, high = sorted((100 * sign * row["low"], 100 * sign * row["high"]))
    return mean, low, high


def _interval(scale: _Scale, y: float, row: tuple[float, float, float], colour: str) -> str:
    mean, low, high = row
    return (
        f'<line x1="{scale(low):.1f}" x2="{scale(high):.1f}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="1.8"/>'
        f'<circle cx="{scale(mean):.1f}" cy="{y}" r="4.5" fill="{colour}"><title>{mean:+.1f} points '
        f"[{low:+.1f}, {high:+.1f}]</title></circle>"
    )


def _axis(scale: _Scale, y: float, top: float, title: str) -> list[str]:
    marks = [_text((LEFT + WIDTH - 20) / 2, y + 30, title, "middle")]
    for tick in scale.ticks():
        x = f"{scale(tick):.1f}"
        marks.append(f'<line x1="{x}" x2="{x}" y1="{top}" y2="{y}" stroke="{GREY}" stroke-opacity=".25"/>')
        marks.append(_text(scale(tick), y + 14, f"{tick:+g}" if tick else "0", "middle"))
    return marks


def _change(x: float, y: float, width: float, before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return _text(x + width / 2, y + 17, "–", "middle")
    change = 100 * (after - before)
    strength = 0.6 * min(abs(change) / 30, 1.0) if abs(change) >= 0.5 else 0.0
    shown = f"{change:+.0f}" if abs(change) >= 0.5 else "0"
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width - 2:.1f}" height="24" rx="2" '
        f'fill="{BETTER if change > 0 else WORSE}" fill-opacity="{strength:.2f}"/>'
        + _text(x + width / 2, y + 17, shown, "middle")
    )


def _key(entries: Iterable[tuple[str, str]], x: float, y: float, *, column: bool = False) -> list[str]:
    marks = []
    for name, colour in entries:
        marks.append(f'<circle cx="{x + 5:.1f}" cy="{y}" r="5" fill="{colour}"/>{_text(x + 16, y + 4, name, "start")}')
        x, y = (x, y + 18) if column else (x + 40 + 7.2 * len(name), y)
    return marks


def _text(x: float, y: float, words: str, anchor: str = "end", *, turn: bool = False) -> str:
    """Return letters; turned ones stand over a column and end above y = 112."""
    if turn:
        return f'<text transform="translate({x:.1f},112) rotate(-38)" text-anchor="start">{escape(words)}</text>'
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _clip(name: str, most: int = 28) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _svg(marks: Iterable[str], height: float, alt: str, width: float = WIDTH) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-label="{escape(alt, quote=True)}" color="#1b1f24" fill="currentColor" '
        f'font-family="system-ui,DejaVu Sans,sans-serif" font-size="13">{"".join(marks)}</svg>'
    )
