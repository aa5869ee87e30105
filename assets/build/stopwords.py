"""Build ``language/stopwords.txt``: English function words, one per line.

Source: NLTK's stop word corpus as packed in the PyPI package llama-index-core;
the list comes from Snowball (BSD-3-Clause) with NLTK's additions.
"""

from registry import LANGUAGE, pypi_wheel


def build() -> None:
    folder = pypi_wheel("llama-index-core", "0.14.25")
    text = (folder / "llama_index/core/_static/nltk_cache/corpora/stopwords/english").read_text(encoding="utf-8")
    words = sorted(set(text.split()))
    (LANGUAGE / "stopwords.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    build()
