"""The plan's editor: presets, one row per class, the mix behind each, bars before and after, the bill."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from augmentors import catalog
from augmentors.core.plan import MixPart
from augmentors.estimate import Bill, duration_words, size_words
from augmentors.plan_draft import CUSTOM, PlanDraft
from augmentors.recipe import GateSettings, parse_mix
from pages.ui import meaning, plan_store, state, theme, training
from pages.ui.frame import Data
from pages.ui.theme import chip, text

PRESETS = ("auto", "median", "majority", "ratio", CUSTOM)
PRESET_HELP = (
    "**auto**: half of the largest class, at most ten times a class's own count  \n"
    "**median**: every class up to the middle one  \n**majority**: every class up to the largest  \n"
    "**ratio**: every class up to a share of the largest  \n**custom**: counts chosen class by class"
)
ROWS_PER_PAGE = 10
MOST = 10_000_000
ROW = (2.6, 3.0, 1.8, 3.2)


def presets(data: Data, draft: PlanDraft, counts: Mapping[str, int]) -> None:
    """Draw the presets and, in one sentence, why the chosen one aims where it does."""
    form = draft.target.partition(":")[0]
    key = f"plan.preset.{data.id}"
    state.set_widget(key, form)
    st.segmented_control(
        "Target", PRESETS, key=key, required=True, help=PRESET_HELP, on_change=_set_preset, args=(data, counts, key)
    )
    if form == "ratio":
        ratio = f"plan.ratio.{data.id}"
        state.set_widget(ratio, float(draft.target.partition(":")[2]))
        st.slider(
            "Share of the largest class",
            0.05,
            1.0,
            step=0.05,
            key=ratio,
            width=420,
            on_change=_set_ratio,
            args=(data, counts, ratio),
        )
    st.caption(theme.escape(_sentence(draft.reason(counts))))


def rows(
    data: Data, draft: PlanDraft, counts: Mapping[str, int], names: Sequence[str], warnings: Mapping[str, str]
) -> None:
    """Draw one row per class: chip, count now and new samples, target, mix; warnings below their row."""
    wanted = draft.wanted_counts(counts)
    heads = st.columns(ROW, wrap=False)
    for column, name in zip(heads, ("Class: now + new", "Target", "", "Made by"), strict=True):
        with column:
            theme.draw(f'<div class="cw-planhead">{name}</div>')
    for name in names:
        _row(data, draft, counts, name, wanted[name])
        if name in warnings:
            theme.draw(f'<div class="cw-warn">⚠ {text(warnings[name])}</div>')


def growth_bars(
    counts: Mapping[str, int],
    wanted: Mapping[str, int],
    colours: Mapping[str, str],
    thinned: Mapping[str, int] | None = None,
) -> str:
    """Return bars of what is there (solid), what is added (hatched) and what is thinned out before (pale)."""
    left = {name: min(n, (thinned or {}).get(name, n)) for name, n in counts.items()}
    then = {name: wanted[name] if wanted[name] > n else left[name] for name, n in counts.items()}
    largest = max([*then.values(), *counts.values(), 1])
    cells = "".join(
        f'<span class="cw-name" title="{text(name)}">{text(name)}</span>'
        f'<span class="cw-track" style="--c:{colours.get(name, "#888888")}">'
        f"{_fill(0, left[name], largest, 'background:var(--c)')}"
        f"{_fill(left[name], n, largest, 'background:var(--c);opacity:.28')}"
        f"{_fill(n, then[name], largest, '', ' cw-hatch')}</span>"
        f'<span class="cw-count">{then[name]:,}</span>'
        for name, n in counts.items()
    )
    key = "<span><i></i>now</span><span><i class='cw-hatch'></i>new</span>"
    if left != dict(counts):
        key += "<span><i style='opacity:.28'></i>thinned out</span>"
    return f'<div class="cw-bars">{cells}</div><div style="height:8px"></div><div class=\'cw-key\'>{key}</div>'


def _fill(start: int, end: int, whole: int, style: str, kind: str = "") -> str:
    """Return a piece of a bar; nothing where it would be empty."""
    if end <= start:
        return ""
    place = f"left:{100 * start / whole:.2f}%;width:{100 * (end - start) / whole:.2f}%;{style}"
    return f'<span class="cw-fill{kind}" style="{place}"></span>'


def bill_facts(bill: Bill) -> str:
    """Return the bill as a row of figures."""
    return theme.facts(
        {
            "new samples": f"{bill.new:,}",
            "training samples then": f"{bill.total:,}",
            "on disk": size_words(bill.megabytes),
            "to make them": duration_words(bill.seconds),
        }
    )


def advanced(data: Data, draft: PlanDraft, counts: Mapping[str, int]) -> None:
    """Draw seed and gate switches."""
    with st.expander("Advanced: seed and gate"):
        start: dict[str, Any] = {"seed": draft.seed, **draft.gate.model_dump()}
        for name, value in start.items():
            state.set_widget(_advanced_key(data, name), value)
        args = (data, counts)
        st.number_input(
            "Seed",
            0,
            2**53 - 1,
            key=_advanced_key(data, "seed"),
            on_change=_set_advanced,
            args=args,
            help="The same seed and recipe give the same bytes again.",
        )
        fields = GateSettings.model_fields
        titles = {
            "copies": "Reject copies",
            "ranges": "Reject values out of range",
            "constraints": "Reject broken rules",
            "leak_check": "Drop copies of test samples",
        }
        for name, title in titles.items():
            said = fields[name].description
            st.toggle(title, key=_advanced_key(data, name), on_change=_set_advanced, args=args, help=said)
        st.number_input(
            "Tolerated overshoot",
            0.0,
            1.0,
            step=0.01,
            key=_advanced_key(data, "range_margin"),
            on_change=_set_advanced,
            args=args,
            help=fields["range_margin"].description,
        )


# -- a row -----------------------------------------------------------------------


def _row(data: Data, draft: PlanDraft, counts: Mapping[str, int], name: str, wanted: int) -> None:
    own, largest = counts[name], max(counts.values())
    key = f"plan.{data.id}.{name}"
    columns = st.columns(ROW, vertical_alignment="center", wrap=False)
    with columns[0]:
        new = f' <b class="cw-new">+ {wanted - own:,}</b>' if wanted > own else ""
        if name in draft.protected:
            new += f' <span title="Protected from some augmenters">{theme.shield()}</span>'
        theme.draw(f'{chip(name, data.colours.get(name, "#888888"))}<br><span class="cw-mute">{own:,}</span>{new}')
    high = max(wanted, largest if own < largest else 2 * own, own + 1)
    state.set_widget(f"{key}.slide", wanted)
    state.set_widget(f"{key}.count", wanted)
    with columns[1]:
        st.slider(
            f"Target of {name}",
            own,
            high,
            key=f"{key}.slide",
            label_visibility="collapsed",
            on_change=_set_wanted,
            args=(data, counts, name, f"{key}.slide"),
        )
    with columns[2]:
        st.number_input(
            f"Samples of {name}",
            own,
            max(MOST, wanted),
            key=f"{key}.count",
            label_visibility="collapsed",
            on_change=_set_wanted,
            args=(data, counts, name, f"{key}.count"),
        )
    with columns[3]:
        _mix(data, draft, counts, name, key)


def _mix(data: Data, draft: PlanDraft, counts: Mapping[str, int], name: str, key: str) -> None:
    """Draw what makes a class's samples; a click opens shares, removal and addition."""
    mix = draft.mix.get(name, ())
    label = mix_words(mix) or "add …"
    with st.popover(label, type="tertiary", key=f"{key}.mix", on_change="rerun") as opened:
        if not opened.open:
            return
        for part in mix:
            _mix_part(data, counts, name, part, key)
        known = {one.augmenter for one in mix}
        known |= set(draft.protected.get(name, ()))
        found = [one for one in training.suitable(data, name) if one.card.key not in known and one.applies]
        if found:
            titles = {one.card.key: one.card.title for one in found}
            st.selectbox(
                "Add an augmenter",
                list(titles),
                index=None,
                format_func=lambda one: titles[one],
                key=f"{key}.add",
                placeholder="Add an augmenter …",
                label_visibility="collapsed",
                on_change=_add_part,
                args=(data, counts, name, f"{key}.add"),
            )
        meaning.protected_of(data, draft, counts, name, key)
        st.caption("Set parameters and see pairs on the Augment page.")


def _mix_part(data: Data, counts: Mapping[str, int], name: str, part: MixPart, key: str) -> None:
    share = f"{key}.share.{part.augmenter}"
    state.set_widget(share, float(part.share))
    columns = st.columns([4, 3, 1.4], vertical_alignment="center", wrap=False)
    columns[0].markdown(catalog.get(part.augmenter).card.title)
    with columns[1]:
        st.number_input(
            "Share",
            0.01,
            1_000.0,
            step=0.5,
            format="%g",
            key=share,
            label_visibility="collapsed",
            on_change=_set_share,
            args=(data, counts, name, part.augmenter, share),
        )
    with columns[2]:
        st.button(
            "✕",
            key=f"{key}.drop.{part.augmenter}",
            type="tertiary",
            on_click=_drop_part,
            args=(data, counts, name, part.augmenter),
        )


def mix_words(mix: Sequence[MixPart]) -> str:
    """Return a mix in a few words, with shares where there is more than one part."""
    titles = [theme.escape(catalog.get(part.augmenter).card.title) for part in mix]
    if len(mix) < 2:
        return "".join(titles)
    total = sum(part.share for part in mix)
    return " · ".join(f"{title} {part.share / total:.0%}" for title, part in zip(titles, mix, strict=True))


# -- callbacks -------------------------------------------------------------------


def _change(data: Data, counts: Mapping[str, int], draft: PlanDraft) -> None:
    plan_store.write(data, draft, counts)


def _set_preset(data: Data, counts: Mapping[str, int], key: str) -> None:
    draft, form = plan_store.read(data), state.widget(key)
    if form == CUSTOM:
        wanted = {n: c for n, c in draft.wanted_counts(counts).items() if c > counts[n]}
        _change(data, counts, draft.model_copy(update={"target": CUSTOM, "wanted": wanted}))
    elif form:
        _change(data, counts, draft.with_target("ratio:0.5" if form == "ratio" else form))


def _set_ratio(data: Data, counts: Mapping[str, int], key: str) -> None:
    _change(data, counts, plan_store.read(data).with_target(f"ratio:{state.widget(key):g}"))


def _set_wanted(data: Data, counts: Mapping[str, int], name: str, key: str) -> None:
    _change(data, counts, plan_store.read(data).with_wanted(counts, name, int(state.widget(key))))


def _set_share(data: Data, counts: Mapping[str, int], name: str, augmenter: str, key: str) -> None:
    draft = plan_store.read(data)
    mix = tuple(
        part.model_copy(update={"share": float(state.widget(key))}) if part.augmenter == augmenter else part
        for part in draft.mix.get(name, ())
    )
    _change(data, counts, draft.with_mix(name, mix))


def _drop_part(data: Data, counts: Mapping[str, int], name: str, augmenter: str) -> None:
    draft = plan_store.read(data)
    left = tuple(part for part in draft.mix.get(name, ()) if part.augmenter != augmenter)
    _change(data, counts, draft.with_mix(name, left))


def _add_part(data: Data, counts: Mapping[str, int], name: str, key: str) -> None:
    chosen = state.widget(key)
    if chosen:
        _change(data, counts, plan_store.read(data).with_part(name, parse_mix([chosen])[0]))
        state.set_widget(key, None)


def _set_advanced(data: Data, counts: Mapping[str, int]) -> None:
    names = GateSettings.model_fields
    gate = GateSettings(**{name: state.widget(_advanced_key(data, name)) for name in names})
    seed = int(state.widget(_advanced_key(data, "seed")))
    _change(data, counts, plan_store.read(data).model_copy(update={"gate": gate, "seed": seed}))


def _advanced_key(data: Data, name: str) -> str:
    return f"plan.advanced.{data.id}.{name}"


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."
