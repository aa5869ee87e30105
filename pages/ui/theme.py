"""The look: one style sheet, the logo, icons as inline SVG, and small pieces of HTML.

Everything from the user's data that goes into HTML passes through `text`.
"""

import base64
import datetime
import functools
import html
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_ASSETS = _HERE.parents[1] / "assets"

_LOCK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 12"><rect x="2" y="5" width="8" height="6" rx="1.4" '
    'fill="#1a9a6f"/><path d="M3.8 5V3.6a2.2 2.2 0 0 1 4.4 0V5" fill="none" stroke="#1a9a6f" stroke-width="1.3"/></svg>'
)

_SHIELD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 12"><path d="M6 .8 10.4 2.4v3.4c0 2.6-1.8 4.5-4.4 5.4'
    'C3.4 10.3 1.6 8.4 1.6 5.8V2.4Z" fill="#2b7fc4"/></svg>'
)


def apply() -> None:
    """Send the style sheet (once per run; the browser keeps it)."""
    st.html(f"<style>{_css()}</style>")


def draw(markup: str) -> None:
    """Draw HTML made by these modules; values inside are escaped where they were put in."""
    if markup:
        st.html(markup)


def text(value: object) -> str:
    """Return a value of the user's data, safe inside HTML."""
    return html.escape(str(value), quote=True)


def svg(drawing: str, alt: str = "", style: str = "") -> str:
    """Return an SVG drawing as a picture: `st.html` drops SVG elements, and a picture cannot run scripts."""
    data = base64.b64encode(drawing.encode()).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{text(alt)}" style="{style}">'


@functools.cache
def logo() -> str:
    """Return the logo as HTML, or nothing before it exists."""
    path = _ASSETS / "logo.svg"
    return svg(path.read_text(encoding="utf-8"), "") if path.exists() else ""


@functools.cache
def lock() -> str:
    """Return a closed lock as HTML."""
    return svg(_LOCK)


@functools.cache
def shield() -> str:
    """Return a shield as HTML: a class that is protected from some augmenters (fonts may lack the emoji)."""
    return svg(_SHIELD, "protected", "height:.95em;vertical-align:-.1em")


def favicon() -> str | None:
    """Return the icon of the browser's tab."""
    path = _ASSETS / "favicon.png"
    return str(path) if path.exists() else None


def columns(name: str, spec: tuple[float, ...] = (3, 2), gap: str = "medium") -> list[Any]:
    """Return columns that stand under each other where the window is narrow.

    Parameters
    ----------
    name : str
        Unique on the page.
    """
    with st.container(key=f"cw-cols-{name}"):
        return list(st.columns(spec, gap=gap))  # type: ignore[call-overload]


def chip(label: str, colour: str) -> str:
    """Return a class name with its colour."""
    return f'<span class="cw-chip"><span class="cw-dot" style="background:{colour}"></span>{text(label)}</span>'


def explanation(summary: str, avoid: str) -> str:
    """Return what something does and when not to use it."""
    against = f'<p class="cw-avoid">{text(avoid).replace("Avoid", "<b>Avoid</b>", 1)}</p>' if avoid else ""
    return f'<div class="cw-about"><p>{text(summary)}</p>{against}</div>'


def facts(values: dict[str, str]) -> str:
    """Return a row of figures with what they are."""
    items = "".join(f"<div><b>{text(value)}</b><span>{text(name)}</span></div>" for name, value in values.items())
    return f'<div class="cw-facts">{items}</div>'


def escape(value: object) -> str:
    """Return a value of the user's data, safe inside Streamlit's Markdown."""
    shown = str(value)
    for mark in "\\`*_[]<>$~:#|":
        shown = shown.replace(mark, f"\\{mark}")
    return shown


def number(value: object) -> str:
    """Return a value as a person writes it: thousands separators, four significant digits.

    Examples
    --------
    >>> number(1234567), number(0.123456789), number(12345.678), number(True)
    ('1,234,567', '0.1235', '12,346', 'True')
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def as_is(value: object) -> str:
    """Return a value of the data with all its decimals, up to six; times without a clock where it stands at midnight.

    Thousands are not separated: a number may be an id or a year.

    Examples
    --------
    >>> as_is(1652.77), as_is(818.6), as_is(12.0), as_is(10177), as_is(0.1 + 0.2), as_is(0.00001234)
    ('1652.77', '818.6', '12', '10177', '0.3', '1.234e-05')
    >>> import datetime
    >>> as_is(datetime.datetime(2023, 5, 2)), as_is(datetime.datetime(2023, 5, 2, 8, 30))
    ('2023-05-02', '2023-05-02 08:30:00')
    """
    if isinstance(value, datetime.datetime) and value == value:
        return str(value).removesuffix(" 00:00:00")
    if isinstance(value, float) and not value.is_integer() and abs(value) >= 0.001:
        return f"{round(value, 6):.15g}"
    return short(value)


def short(value: object) -> str:
    """Return a value of the data in four significant digits, thousands not separated.

    Examples
    --------
    >>> short(2019), short(12345.678), short(0.123456789), short("a, b")
    ('2019', '12346', '0.1235', 'a, b')
    """
    return number(value).replace(",", "") if isinstance(value, (int, float)) else str(value)


@functools.cache
def _css() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(_HERE.glob("*.css")))
