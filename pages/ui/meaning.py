"""Whether new samples still are what their class says: the gauge, the warning, and what a class is protected from."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from augmentors import catalog, protection
from augmentors.agreement import Agreement, Rate
from augmentors.core.plan import MixPart, PlanEntry
from augmentors.core.seeds import digest
from augmentors.plan_draft import PlanDraft
from pages.ui import plan_store, state, theme, training
from pages.ui.frame import Data

KEPT = 500  # answers kept per dataset


def gauge(data: Data, target: str, part: MixPart) -> None:
    """Draw how many originals and how many new samples a held-out classifier takes for the class.

    The first answer for a dataset takes some seconds, so a button asks for it;
    from then on every preview has its answer.
    """
    st.subheader(f"Is this still ‘{theme.escape(target)}’?", anchor=False)
    if state.get("meaning:asked") != data.id:
        st.caption("A classifier that has not seen these originals looks at them and at new samples made of them.")
        help_ = "The first answer takes a few seconds."
        # By a callback, so that the button is gone while the answer is being found.
        st.button("Ask it", key="meaning.ask", help=help_, on_click=state.put, args=("meaning:asked", data.id))
        return
    found = training.agreement(data, part.augmenter, part.params, target)
    if isinstance(found, str):
        st.caption(theme.escape(found))
        return
    _keep(data, target, part, found)
    theme.draw(bars(found, data.colours.get(target, "#888888")))
    if found.changes_meaning:
        theme.draw(f'<div class="cw-warn">⚠ {theme.text(found.sentence)}</div>')
    else:
        st.caption(f"{theme.escape(found.sentence)} The thin lines are 95 % intervals.")


def bars(found: Agreement, colour: str) -> str:
    """Return two bars, originals and new, each with its 95 % interval as a thin line."""
    rows = "".join(_bar(name, rate, colour) for name, rate in (("originals", found.originals), ("new", found.made)))
    return f'<div class="cw-bars">{rows}</div>'


def _bar(name: str, rate: Rate, colour: str) -> str:
    low, high = rate.interval
    return (
        f'<span class="cw-name">{name}</span><span class="cw-track" style="--c:{colour}">'
        f'<span class="cw-fill" style="width:{100 * rate.share:.1f}%;background:var(--c)"></span>'
        f'<span class="cw-fill" title="95 %: {low:.0%} to {high:.0%}" style="inset:8px auto 8px {100 * low:.1f}%;'
        f'width:{100 * (high - low):.1f}%;background:currentColor;opacity:.7"></span></span>'
        f'<span class="cw-count">{rate.share:.0%} of {rate.n:,}</span>'
    )


def protect(data: Data, counts: Mapping[str, int], target: str, part: MixPart) -> bool:
    """Draw the switch that protects a class from an augmenter; return whether it is protected."""
    names = plan_store.read(data).protected.get(target, ())
    key = f"protect.{data.id}.{target}.{part.augmenter}"
    state.set_widget(key, part.augmenter in names)
    title = catalog.get(part.augmenter).card.title
    st.toggle(
        f"Protect ‘{theme.escape(target)}’ from {title}",
        key=key,
        on_change=_toggle,
        args=(data, counts, target, part.augmenter, key),
        help="A protected class is never given new samples made this way; the recipe keeps it.",
    )
    found = protection.breach(part, names)
    if found is not None and part.augmenter not in names:
        st.caption(f"‘{theme.escape(target)}’ is protected from {theme.escape(found)} on the Plan page.")
    return found is not None


def protected_of(data: Data, draft: PlanDraft, counts: Mapping[str, int], name: str, key: str) -> None:
    """Draw what a class is protected from, to be changed."""
    titles = protection.names_for(data.facts["kind"])
    own = [one for one in draft.protected.get(name, ()) if one in titles]
    field = f"{key}.protected"
    state.set_widget(field, own)
    st.multiselect(
        "Protected from",
        list(titles),
        format_func=lambda one: titles[one],
        key=field,
        placeholder="Protected from …",
        help="What would change what the class means, such as mirrored digits. It leaves the mix.",
        on_change=_set_protected,
        args=(data, counts, name, field),
    )


def warnings(data: Data, entries: Sequence[PlanEntry]) -> dict[str, str]:
    """Return, by class, what the held-out classifier found of the plan's augmenters so far, where meaning changes."""
    answers = _answers(data)
    said: dict[str, str] = {}
    for entry in entries:
        found = [answers.get(_name(data, entry.target, part)) for part in entry.mix]
        sentences = [one["sentence"] for one in found if one is not None and one["changes"]]
        if sentences and entry.count:
            said[entry.target] = " ".join(sentences)
    return said


def check_button(data: Data, entries: Sequence[PlanEntry]) -> None:
    """Draw the button that asks the classifier about every augmenter of the plan not asked about yet."""
    answers = _answers(data)
    asked = [(e.target, part) for e in entries if e.count for part in e.mix]
    todo = [(target, part) for target, part in asked if _name(data, target, part) not in answers]
    if not asked:
        return
    if not todo:
        changing = sum(answers[_name(data, target, part)]["changes"] for target, part in asked)
        said = f"{changing:,} warned about above" if changing else "none changes what its class means"
        st.caption(f"Asked a held-out classifier about every augmenter of the plan: {said}.")
        return
    help_ = "A classifier that has not seen the originals says whether new samples are still taken for their class."
    if not st.button(f"Check meaning ({len(todo):,})", key="plan.meaning", help=help_):
        return
    bar = st.progress(0.0, "Fitting the classifier …")
    for i, (target, part) in enumerate(todo):
        _keep(data, target, part, training.agreement(data, part.augmenter, part.params, target))
        bar.progress((i + 1) / len(todo), f"{catalog.get(part.augmenter).card.title} for {theme.escape(target)}")
    st.rerun()


def _keep(data: Data, target: str, part: MixPart, found: Agreement | str) -> None:
    answers, name = _answers(data), _name(data, target, part)
    if name in answers:
        return
    refused = isinstance(found, str)
    answer = {"sentence": found if refused else found.sentence, "changes": not refused and found.changes_meaning}
    kept = dict(list(answers.items())[-KEPT + 1 :])
    data.workspace.write_note(f"meaning-{data.id}", {"answers": kept | {name: answer}})


def _answers(data: Data) -> dict[str, Any]:
    return dict((data.workspace.read_note(f"meaning-{data.id}") or {}).get("answers", {}))


def _name(data: Data, target: str, part: MixPart) -> str:
    return digest(data.facts["split"]["hash"], target, part.augmenter, part.params, size=8)


def _toggle(data: Data, counts: Mapping[str, int], target: str, augmenter: str, key: str) -> None:
    others = [name for name in plan_store.read(data).protected.get(target, ()) if name != augmenter]
    _write(data, counts, target, [*others, augmenter] if state.widget(key) else others)


def _set_protected(data: Data, counts: Mapping[str, int], name: str, key: str) -> None:
    _write(data, counts, name, list(state.widget(key) or []))


def _write(data: Data, counts: Mapping[str, int], target: str, names: Sequence[str]) -> None:
    draft = plan_store.read(data).with_protected(target, names)
    if target in draft.mix and not draft.mix[target]:
        # An empty mix is filled again with what suits and is allowed.
        draft = draft.model_copy(update={"mix": {name: mix for name, mix in draft.mix.items() if name != target}})
    plan_store.write(data, draft, counts)
