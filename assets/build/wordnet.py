"""Build the word relations in ``language/`` from WordNet 3.0.

Source: Debian wordnet-base (WordNet 3.0 licence; its notice is stored in every
file). The dictionary files are described in WordNet's wndb(5) and cntlist(5).

* ``synonyms.json.gz``   lemma → lemmas of the same synsets, most frequent sense first;
  for adjectives then those WordNet calls similar
* ``antonyms.json.gz``   lemma → direct opposites
* ``irregular.json.gz``  inflected form → base forms, where no rule gives them
"""

import gzip
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from registry import LANGUAGE, LICENSES, debian_package

FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
MOST_SENSES = 4
# A sense seen less than a tenth as often as the first misleads more than it helps ("big" → "bad").
LEAST_SHARE = 0.1
MOST_SYNONYMS = 12
# Words that WordNet itself labels with one of these usages are never offered as replacements.
REFUSED_USAGES = frozenset({"ethnic_slur", "disparagement", "obscenity", "vulgarism"})
# Insults that it does not label.
INSULTS = (
    "arse ass bastard bitch coon cunt dago fag faggot fuck fucker fucking gypsy jap negro piss queer retard "
    "shit shitty slut squaw tart whore"
)
REFUSED_WORDS = frozenset(INSULTS.split())

Relations = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Synset:
    words: list[str]
    keys: list[str]  # sense keys, one per word, without the head of a satellite; see senseidx(5)
    pointers: list[tuple[str, str, str, int, int]]  # symbol, offset, pos, source word, target word
    name: bool


def read_synsets(folder: Path) -> dict[tuple[str, str], Synset]:
    synsets = {}
    for pos, ending in FILES.items():
        for line in (folder / f"data.{ending}").read_text(encoding="ascii").splitlines():
            if not line.startswith("  "):  # the licence notice
                fields = line.split(" | ")[0].split()
                synsets[pos, fields[0]] = parse_synset(fields)
    return synsets


def parse_synset(fields: list[str]) -> Synset:
    count = int(fields[3], 16)
    # Adjectives carry their position as "(p)", "(a)" or "(ip)".
    words = [word.split("(")[0] for word in fields[4 : 4 + 2 * count : 2]]
    sense_type = "_nvars".index(fields[2])
    places = [int(number, 16) for number in fields[5 : 5 + 2 * count : 2]]
    keys = [f"{w.lower()}%{sense_type}:{fields[1]}:{n:02}:" for w, n in zip(words, places, strict=True)]
    start = 5 + 2 * count
    pointers = []
    for at in range(start, start + 4 * int(fields[start - 1]), 4):
        symbol, offset, pos, ends = fields[at : at + 4]
        pointers.append((symbol, offset, pos.replace("s", "a"), int(ends[:2], 16), int(ends[2:], 16)))
    # "@i" says that the synset is an instance: a person, a place, a battle.
    return Synset(words, keys, pointers, any(pointer[0] == "@i" for pointer in pointers))


def read_index(folder: Path) -> dict[tuple[str, str], list[str]]:
    """Map (part of speech, lemma) to synset offsets, most frequent sense first."""
    index = {}
    for pos, ending in FILES.items():
        for line in (folder / f"index.{ending}").read_text(encoding="ascii").splitlines():
            if not line.startswith("  "):
                fields = line.split()
                index[pos, fields[0]] = fields[-int(fields[2]) :]
    return index


def read_counts(folder: Path) -> dict[str, int]:
    """Map the sense key to how often the sense was seen in tagged text."""
    lines = (folder / "cntlist.rev").read_text(encoding="ascii").splitlines()
    return {key: int(count) for key, _, count in (line.split() for line in lines)}


def refused_words(synsets: dict[tuple[str, str], Synset]) -> frozenset[str]:
    refused = set()
    for synset in synsets.values():
        for symbol, offset, pos, source, _ in synset.pointers:
            if symbol == ";u" and REFUSED_USAGES.intersection(synsets[pos, offset].words):
                refused.update(synset.words if source == 0 else [synset.words[source - 1]])
    return frozenset(word.lower() for word in refused)


def usable(word: str) -> bool:
    """Tell whether a word is a common one: no name, no number."""
    return word == word.lower() and not any(c.isdigit() for c in word) and len(word) > 1


class Dictionary:
    def __init__(self, folder: Path) -> None:
        self.synsets = read_synsets(folder)
        self.index = read_index(folder)
        self.counts = read_counts(folder)
        self.refused = refused_words(self.synsets)

    def senses(self, pos: str, lemma: str) -> list[Synset]:
        """Return the first senses, without names."""
        found = (self.synsets[pos, offset] for offset in self.index[pos, lemma][:MOST_SENSES])
        return [synset for synset in found if not synset.name and lemma in synset.words]

    def count(self, synset: Synset, word: str) -> int:
        key = synset.keys[synset.words.index(word)]
        if "%5:" not in key:
            return self.counts.get(f"{key}:", 0)
        # A satellite's key ends with the first word of the cluster's head and its number.
        heads = (self.synsets[pos, offset] for symbol, offset, pos, _, _ in synset.pointers if symbol == "&")
        first, place = next(heads).keys[0].split("%")
        return self.counts.get(f"{key}{first}:{place.split(':')[2]}", 0)

    def frequent(self, senses: list[Synset], lemma: str) -> list[Synset]:
        """Keep the first sense and those nearly as frequent in tagged text."""
        least = max(1, LEAST_SHARE * self.count(senses[0], lemma)) if senses else 0
        return senses[:1] + [synset for synset in senses[1:] if self.count(synset, lemma) >= least]

    def similar(self, synset: Synset) -> list[str]:
        """Return the words of an adjective's neighbours, the most used first."""
        near = [self.synsets[pos, offset] for symbol, offset, pos, _, _ in synset.pointers if symbol == "&"]
        words = [(self.count(other, word), word) for other in near for word in other.words]
        return [word for _, word in sorted(words, key=lambda pair: -pair[0])]

    def accepted(self, word: str) -> bool:
        parts = re.split(r"[_-]", word)
        return usable(word) and word not in self.refused and REFUSED_WORDS.isdisjoint(parts)

    def synonyms(self) -> Relations:
        relations: Relations = {pos: {} for pos in FILES}
        for pos, lemma in sorted(self.index):
            if not self.accepted(lemma):
                continue
            others = self.others(pos, lemma)
            if others:
                relations[pos][spaced(lemma)] = [spaced(word) for word in others[:MOST_SYNONYMS]]
        return relations

    def others(self, pos: str, lemma: str) -> list[str]:
        senses = self.senses(pos, lemma)
        frequent = self.frequent(senses, lemma)
        words = [word for synset in frequent for word in synset.words]
        if set(words) <= {lemma}:  # a word like "happy" shares only its rarer senses
            words = [word for synset in senses for word in synset.words]
        words += [word for synset in frequent for word in self.similar(synset)]
        # dict.fromkeys drops repetitions and keeps the order.
        return [word for word in dict.fromkeys(words) if word != lemma and self.accepted(word)]

    def antonyms(self) -> Relations:
        relations: Relations = {pos: defaultdict(list) for pos in FILES}
        for pos, lemma in sorted(self.index):
            if not self.accepted(lemma):
                continue
            for offset in self.index[pos, lemma]:
                synset = self.synsets[pos, offset]
                for symbol, target, target_pos, source, word in synset.pointers:
                    if symbol != "!" or synset.words[source - 1] != lemma:
                        continue
                    opposite = self.synsets[target_pos, target].words[word - 1]
                    if self.accepted(opposite) and spaced(opposite) not in relations[pos][spaced(lemma)]:
                        relations[pos][spaced(lemma)].append(spaced(opposite))
        return {pos: {lemma: words for lemma, words in found.items() if words} for pos, found in relations.items()}


def spaced(word: str) -> str:
    return word.replace("_", " ")


def irregular(folder: Path) -> Relations:
    relations: Relations = {pos: {} for pos in FILES}
    for pos, ending in FILES.items():
        for line in (folder / f"{ending}.exc").read_text(encoding="ascii").splitlines():
            form, *bases = map(spaced, line.split())
            known = relations[pos].setdefault(form, [])
            # A few lines repeat a form or a base.
            known += [base for base in dict.fromkeys(bases) if base not in known]
    return relations


def notice() -> str:
    return (LICENSES / "WordNet-3.0.txt").read_text(encoding="utf-8")


def write(name: str, relations: Relations) -> None:
    # The licence asks that its notice appears on all copies, so it travels inside the file.
    content = json.dumps({"notice": notice(), **relations}, separators=(",", ":"))
    # No time and no name in the header: rebuilds are equal.
    (LANGUAGE / name).write_bytes(gzip.compress(content.encode(), 9, mtime=0))


def build() -> None:
    folder = debian_package("wordnet-base", "1:3.0-37") / "usr/share/wordnet"
    dictionary = Dictionary(folder)
    write("synonyms.json.gz", dictionary.synonyms())
    write("antonyms.json.gz", dictionary.antonyms())
    write("irregular.json.gz", irregular(folder))


if __name__ == "__main__":
    build()
