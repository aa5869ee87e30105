"""Overview: class sizes, findings, samples, features and health of the dataset in work."""

from typing import Any

import streamlit as st

from augmentors.core.plan import resolve_target
from augmentors.core.ranges import Ranges
from augmentors.explore.health import percent
from augmentors.explore.label_statistics import LabelStatistics
from pages.ui import cached_reads, charts, code_panel, data_view, frame, label_words, state, theme
from pages.ui.frame import Data

CLASSES_SHOWN = 24
FINDINGS_SHOWN = 6
ALL = "all classes"


def main() -> None:
    """Draw class bars and findings, and below them the tabs."""
    action = frame.open_page("overview")
    data = frame.need_split()
    if action.button("Try augmenters", type="primary", key="to-augment", disabled=not frame.exists("augment")):
        frame.go("augment")
    document = cached_reads.overview(data.workspace.token, data.id)
    left, right = theme.columns("top", (3, 2))
    with left:
        class_sizes(data, document)
    with right:
        finding_cards(document["findings"])
    tabs(data, document)
    code(data)


# -- above -----------------------------------------------------------------------------


def class_sizes(data: Data, document: dict[str, Any]) -> None:
    """Draw figures and bars of the classes, largest first."""
    classes = document["classes"]
    train = {row["label"]: row["train"] for row in classes if row["train"]}
    targets = resolve_target("auto", train)
    theme.draw(
        theme.facts(
            {
                "largest : smallest": f"{document['ratio']:,.1f} : 1",
                label_words.noun(data.facts): f"{len(classes):,}",
                "samples": f"{data.facts['rows']:,}",
                "new samples for “auto”": f"{sum(targets.wanted.values()) - sum(train.values()):,}",
            }
        )
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        theme.draw(charts.bars_key(target=True))
        # Bars that start linear show the imbalance as it is; a log scale is for classes too small to be seen.
        offered = document["ratio"] > charts.LOG_FROM_RATIO
        log = offered and st.toggle("Log scale", key="overview-log", persist_state="session")
    shown = ends(classes) if len(classes) > CLASSES_SHOWN else classes
    theme.draw(charts.class_bars(shown, data.colours, log=log, targets=targets.wanted))
    if len(classes) > len(shown):
        st.caption(f"The largest and the smallest of {len(classes):,} classes.")
    st.caption(f"Target {targets.reason}.")
    if document.get("labels"):
        st.caption(theme.escape(LabelStatistics(**document["labels"]).sentence))
    if data.facts.get("ranges"):
        st.caption(theme.escape(Ranges.from_dict(data.facts["ranges"]).sentence))


def ends(classes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the largest and the smallest classes."""
    half = CLASSES_SHOWN // 2
    return [*classes[:half], *classes[-half:]]


def finding_cards(findings: list[dict[str, Any]]) -> None:
    """Draw what was found, most severe first, each with a button that filters the samples below."""
    st.subheader(f"Findings · {len(findings)}" if findings else "Findings", anchor=False)
    if not findings:
        st.markdown("Nothing odd was found.")
    for index, finding in enumerate(findings[:FINDINGS_SHOWN]):
        finding_card(index, finding)
    if len(findings) > FINDINGS_SHOWN:
        with st.expander(f"{len(findings) - FINDINGS_SHOWN} more"):
            for index, finding in enumerate(findings[FINDINGS_SHOWN:], FINDINGS_SHOWN):
                finding_card(index, finding)


def finding_card(index: int, finding: dict[str, Any]) -> None:
    """Draw one finding with its button."""
    with st.container(border=True):
        if not finding["rows"]:
            theme.draw(finding_line(finding))
            return
        left, right = st.columns([5, 1.4], vertical_alignment="center", wrap=False)
        with left:
            theme.draw(finding_line(finding))
        right.button("Show me", key=f"show-{index}", on_click=show_finding, args=(index,), width="stretch")


def finding_line(finding: dict[str, Any]) -> str:
    """Return one finding as HTML: a mark for how severe it is, and the sentence."""
    return (
        f'<div class="cw-finding"><span class="cw-sev cw-{finding["severity"]}" title="{finding["severity"]}"></span>'
        f"<span>{theme.text(finding['message'])}</span></div>"
    )


def show_finding(index: int | None) -> None:
    """Filter the samples below by a finding."""
    state.put("finding", index)
    state.set_widget("overview-tab", "Samples")
    state.set_widget("overview-page", 1)


# -- below -----------------------------------------------------------------------------


def tabs(data: Data, document: dict[str, Any]) -> None:
    """Draw samples, features or health; only the chosen one costs anything."""
    names = ["Samples", *(["Features by class"] if document["features"] else []), "Health"]
    chosen = st.segmented_control(
        "Below", names, default="Samples", key="overview-tab", label_visibility="collapsed", required=True
    )
    if chosen == "Features by class":
        features(data, document["features"])
    elif chosen == "Health":
        health(data, document["health"])
    else:
        samples(data, document)


def samples(data: Data, document: dict[str, Any]) -> None:
    """Draw one page of samples: mixed, of one class, or of a finding."""
    index = state.get("finding")
    if index is not None and index < len(document["findings"]):
        finding = document["findings"][index]
        with st.container(horizontal=True, vertical_alignment="center"):
            theme.draw(finding_line(finding))
            st.button("Show all samples", key="show-all", on_click=show_finding, args=(None,))
        rows = finding["rows"]
        start, end = data_view.pager(len(rows), "overview-page", data_view.per_page(data.facts["kind"]))
        data_view.show(data, rows[start:end])
        return
    labels = [row["label"] for row in document["classes"]]
    chosen = (
        st.pills("Class", [ALL, *labels], default=ALL, key="overview-class", label_visibility="collapsed")
        if len(labels) <= CLASSES_SHOWN
        else st.selectbox("Class", [ALL, *labels], key="overview-class")
    )
    span = document["ranges"].get(chosen)
    total = data.facts["rows"] if span is None else span[1] - span[0]
    start, end = data_view.pager(total, f"overview-page-{chosen}", data_view.per_page(data.facts["kind"]))
    if span is None:
        data_view.show(data, cached_reads.mixed(data.workspace.token, data.id)[start:end])
    else:
        data_view.show(data, range(span[0] + start, span[0] + end))


def features(data: Data, documents: list[dict[str, Any]]) -> None:
    """Draw the features that tell the classes apart best, training part only."""
    labels = list(documents[0]["shares"])
    theme.draw(charts.legend(data.colours, labels))
    theme.draw(charts.feature_multiples(documents, data.colours))
    st.caption(
        f"Share of each class's training samples over the values of a feature, the {len(documents)} most separating "
        "first: 0 % tells nothing apart, 100 % every class (|2 · AUC − 1| of one class against the rest, averaged)."
    )


def health(data: Data, document: dict[str, Any]) -> None:
    """Draw one row per class with what is missing, repeated or odd."""
    names = {
        "label": "class",
        "missing_share": "missing values",
        "median_length": "median length",
        "median_width": "median width",
        "median_height": "median height",
        "grey_share": "grey",
        "empty": "empty texts",
        "sizes": "different sizes",
        "duplicates": "with a copy",
    }
    columns = document["columns"]
    rows = [
        [
            percent(value) if name.endswith("_share") and value is not None else value
            for name, value in zip(columns, row, strict=True)
        ]
        for row in document["rows"]
    ]
    theme.draw(charts.table([names.get(name, name) for name in columns], rows, data.colours, fit=True))


def code(data: Data) -> None:
    """Draw how to get the same figures without the app."""
    choices = data.facts["understood"]
    code_panel.show(
        python=code_panel.load_python(
            data.facts["name"], {k: choices.get(k) for k in ("kind", "label", "task", "ranges", "text", "group")}
        )
        + "\n\nfrom augmentors.explore.distribution import class_table\n"
        "from augmentors.explore.health import findings\n\n"
        "print(class_table(dataset))\nfor finding in findings(dataset):\n    print(finding.severity, finding.message)",
        shell=f"python -m augmentors profile {data.facts['name']}" + code_panel.shell_flags(choices),
        key="overview",
    )


main()
