"""English inflection by simple rules: from a form to its base, and from a base to the same form."""

from collections.abc import Iterable, Mapping, Sequence

VOWELS = "aeiou"
NOUN, VERB, ADJECTIVE, ADVERB = "n", "v", "a", "r"
# Penn Treebank tags of open word classes; names (NNP) are left alone.
PART_OF_TAG = {
    "NN": NOUN,
    "NNS": NOUN,
    "VB": VERB,
    "VBP": VERB,
    "VBZ": VERB,
    "VBG": VERB,
    "VBD": VERB,
    "VBN": VERB,
    "JJ": ADJECTIVE,
    "JJR": ADJECTIVE,
    "JJS": ADJECTIVE,
    "RB": ADVERB,
}
_UNINFLECTED = frozenset({"NN", "VB", "VBP", "JJ", "RB"})
_SUFFIX = {"NNS": "s", "VBZ": "s", "VBG": "ing", "VBD": "ed", "VBN": "ed", "JJR": "er", "JJS": "est"}


def bases(word: str, tag: str, irregular: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what a lower-case word may be a form of, most likely first.

    Parameters
    ----------
    word, tag : str
    irregular : mapping of str to sequence of str
        Irregular form to its bases, for this part of speech.

    Examples
    --------
    >>> bases("boxes", "NNS", {}), bases("arrived", "VBD", {}), bases("stopping", "VBG", {})
    (['box', 'boxe'], ['arriv', 'arrive'], ['stopp', 'stop', 'stoppe'])
    """
    if tag in _UNINFLECTED:
        return [word]
    if word in irregular:
        return list(irregular[word])
    suffix = _SUFFIX[tag]
    if not word.endswith(suffix) or len(word) < len(suffix) + 2:
        return []
    if suffix == "s":
        return _without_s(word)
    stem = word[: -len(suffix)]
    found = [stem]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        found.append(stem[:-1])
    if stem.endswith("i") and suffix != "ing":
        found = [stem[:-1] + "y"]
    return [*found, stem + "e"]


def _without_s(word: str) -> list[str]:
    if word.endswith("ss"):
        return []
    if word.endswith("ies"):
        return [word[:-3] + "y", word[:-1]]
    if word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
        return [word[:-2], word[:-1]]
    return [word[:-1]]


def inflect(base: str, tag: str, forms: Iterable[str]) -> str | None:
    """Return the form of a base that a tag asks for, None when the rules cannot tell.

    Parameters
    ----------
    base, tag : str
    forms : iterable of str
        Irregular forms of this base.

    Examples
    --------
    >>> inflect("try", "VBD", ()), inflect("take", "VBN", ("took", "taken")), inflect("happy", "JJR", ())
    ('tried', 'taken', 'happier')
    """
    if tag in _UNINFLECTED:
        return base
    if tag == "NNS":
        special = list(forms)
        return special[0] if special else add_s(base)
    if tag == "VBZ":
        return add_s(base)
    if tag == "VBG":
        return next((form for form in forms if form.endswith("ing")), None) or _add_ing(base)
    if tag in ("VBD", "VBN"):
        return _past(base, tag, [form for form in forms if not form.endswith("ing")])
    return _compared(base, tag, list(forms))


def add_s(base: str) -> str:
    """Return plural or third person by rule: 'box' → 'boxes', 'city' → 'cities'."""
    if base.endswith(("s", "x", "z", "ch", "sh")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in VOWELS:
        return base[:-1] + "ies"
    return base + ("es" if base.endswith("o") and base[-2:-1] not in VOWELS else "s")


def _add_ing(base: str) -> str:
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "ye", "oe")):
        return base[:-1] + "ing"
    return (base + base[-1] if _doubles(base) else base) + "ing"


def _add_ed(base: str, suffix: str = "ed") -> str:
    if base.endswith("e"):
        return base + suffix[1:]
    if base.endswith("y") and base[-2:-1] not in VOWELS:
        return base[:-1] + "i" + suffix
    return (base + base[-1] if _doubles(base) else base) + suffix


def _doubles(base: str) -> bool:
    """Tell whether a short stem doubles its last letter: one vowel between consonants ('stop', 'big')."""
    vowels = sum(c in VOWELS for c in base)
    return (
        len(base) > 2
        and vowels == 1
        and base[-2] in VOWELS
        and base[-1] not in VOWELS + "wxy"
        and base[-3] not in VOWELS
    )


def _past(base: str, tag: str, forms: list[str]) -> str | None:
    if not forms:
        return _add_ed(base)
    regular = [form for form in forms if form[-1] in "dt"]
    if regular:  # 'kept', 'stopped': past and participle alike
        return regular[0]
    participles = [form for form in forms if form.endswith(("n", "ne")) or "u" in form]
    pasts = [form for form in forms if form not in participles]
    if len(forms) == 1 and pasts:  # 'came', 'ran': the participle is the base
        return pasts[0] if tag == "VBD" else base
    wanted = pasts if tag == "VBD" else participles
    return wanted[0] if len(wanted) == 1 else None


def _compared(base: str, tag: str, forms: list[str]) -> str | None:
    suffix = _SUFFIX[tag]
    special = [form for form in forms if form.endswith(suffix)]
    if special:
        return special[0]
    syllables = sum(c in VOWELS and (i == 0 or base[i - 1] not in VOWELS) for i, c in enumerate(base.rstrip("e")))
    if syllables == 1 or (base.endswith("y") and syllables <= 2):
        return _add_ed(base, suffix)
    return ("more " if tag == "JJR" else "most ") + base


def like(word: str, pattern: str) -> str:
    """Return a word in the letter case of another.

    Examples
    --------
    >>> like("lamp", "House"), like("lamp", "HOUSE"), like("lamp", "house")
    ('Lamp', 'LAMP', 'lamp')
    """
    if pattern.isupper() and len(pattern) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if pattern[:1].isupper() else word


def takes_an(word: str) -> bool:
    """Tell whether the article before a word is 'an'."""
    low = word.lower()
    if low.startswith(("hour", "honest", "honor", "honour", "heir")):
        return True
    if low.startswith(("uni", "use", "usu", "eu", "one", "once", "ut")) and not low.startswith(("unin", "unim", "utt")):
        return False
    return low[:1] in VOWELS
