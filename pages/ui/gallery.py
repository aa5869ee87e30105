"""Samples as people look at them: pictures in a grid, texts as cards, rows as a table.

Each function returns HTML and takes plain values, so that originals and new
samples are drawn alike.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.ui.charts import cell, framed_table, heads
from pages.ui.theme import chip, text

THUMBNAIL = 160
TEXT_SHOWN = 320
COLUMNS_SHOWN = 40


def pictures(items: Sequence[tuple[str, str, str]], colours: Mapping[str, str], *, captioned: bool = False) -> str:
    """Return a grid of pictures with their class.

    Parameters
    ----------
    items : sequence of (str, str, str)
        Image as data URI (`file_uri`, `array_uri`), class, caption.
    colours : mapping of str to str
    captioned : bool
        Write the caption below the class too, not only where the pointer rests.
    """
    figures = "".join(_picture(uri, label, caption, colours, captioned) for uri, label, caption in items)
    return f'<div class="cw-gallery{" cw-captioned" if captioned else ""}">{figures}</div>'


def texts(items: Sequence[tuple[str, str, str]], colours: Mapping[str, str], characters: int = TEXT_SHOWN) -> str:
    """Return texts as cards with class, caption and length.

    Parameters
    ----------
    items : sequence of (str, str, str)
        Text, class, caption.
    colours : mapping of str to str
    characters : int
        How many of each text are shown.
    """
    cards = "".join(_card(body, label, caption, colours, characters) for body, label, caption in items)
    return f'<div class="cw-texts">{cards}</div>'


def rows(columns: Sequence[str], items: Sequence[tuple[Sequence[Any], str, str]], colours: Mapping[str, str]) -> str:
    """Return rows as a table, class first.

    Parameters
    ----------
    columns : sequence of str
        Names of the values.
    items : sequence of (sequence, str, str)
        Values, class, caption (such as the id and its part).
    """
    shown = list(columns[:COLUMNS_SHOWN])
    more = f"<th>+ {len(columns) - len(shown):,} columns</th>" if len(columns) > len(shown) else ""
    head = "<th>class</th><th>sample</th>" + heads(shown, [values for values, _, _ in items]) + more
    body = "".join(
        f"<tr><td>{chip(label, colours.get(label, '#888888'))}</td>{cell(caption)}"
        f"{''.join(cell(value, data=True) for value in values[: len(shown)])}</tr>"
        for values, label, caption in items
    )
    return framed_table(head, body)


@st.cache_data(max_entries=600, show_spinner=False)
def file_uri(path: str, time: int, size: int = THUMBNAIL) -> str:
    """Return a small picture of an image file as data URI; empty when it does not decode.

    Parameters
    ----------
    path : str
    time : int
        Its modification time (part of the cache's key).
    """
    from augmentors.core.errors import UserError
    from augmentors.explore.images import read_reduced

    try:
        return array_uri(read_reduced(Path(path), size), size)
    except UserError:
        return ""


def array_uri(pixels: np.ndarray, size: int = THUMBNAIL) -> str:
    """Return pixels as data URI, no larger than size: small images as they are, others as WebP."""
    from PIL import Image

    image = Image.fromarray(pixels)
    buffer = io.BytesIO()
    if max(image.size) <= 64:
        image.save(buffer, "PNG")
        return _uri("png", buffer)
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    image.save(buffer, "WEBP", quality=78, method=2)
    return _uri("webp", buffer)


def _uri(kind: str, buffer: io.BytesIO) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _picture(uri: str, label: str, caption: str, colours: Mapping[str, str], captioned: bool) -> str:
    colour = colours.get(label, "#888888")
    # PNG is what tiny images come as: enlarged without smoothing, so that their pixels stay crisp.
    crisp = ' class="cw-crisp"' if uri.startswith("data:image/png") else ""
    picture = f'<img src="{uri}" alt="{text(label)}"{crisp}>' if uri else '<span class="cw-mute">unreadable</span>'
    below = f'<span class="cw-mute">{text(caption)}</span>' if captioned else ""
    return (
        f'<figure style="--c:{colour}" title="{text(caption)}"><div class="cw-pic">{picture}</div>'
        f"<figcaption>{chip(label, colour)}{below}</figcaption></figure>"
    )


def _card(body: str, label: str, caption: str, colours: Mapping[str, str], characters: int) -> str:
    colour = colours.get(label, "#888888")
    shown = body if len(body) <= characters else body[: characters - 1] + "…"
    content = text(shown) if shown.strip() else '<span class="cw-mute">(empty)</span>'
    return (
        f'<article style="--c:{colour}"><header>{chip(label, colour)}'
        f'<span class="cw-mute">{text(caption)} · {len(body):,} characters</span></header><p>{content}</p></article>'
    )
