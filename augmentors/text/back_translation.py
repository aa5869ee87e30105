"""Back-translation: sentences go to another language and back, by interchangeable engines."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import digest
from augmentors.text.back_translated import BACK, EQUAL, LOST, verdict
from augmentors.text.edits import Edit
from augmentors.text.english_augmenter import LANGUAGE_SAMPLE
from augmentors.text.lexicon import LEAST_KNOWN, share_known, words_of
from augmentors.text.local_models import find_model, hash_of_model
from augmentors.text.sentences import sentences
from augmentors.text.text_augmenter import Chance, TextAugmenter, TextParams, View, choose, count_changes, texts_at
from augmentors.text.tokens import WORD, Tokens, tokenise
from augmentors.text.translation import Translator, apertium, translation_model

# Sentences whose way back is remembered.
MOST_KEPT = 50_000
ENGLISH = frozenset({"en", "eng", "eng_Latn"})


class BackTranslation(TextAugmenter):
    """Replace sentences by what comes back from another language.

    A sentence that comes back equal, nearly equal or without one of its numbers or addresses is left as it is; a text
    in which no sentence is left to change is no parent, and another one is drawn instead.

    Examples
    --------
    >>> BackTranslation(engine="model").why_not(__import__("augmentors.testing").testing.toy_text())
    'Back-translation needs a model, and none is named. Name a model or a folder that holds one.'
    """

    card = Card(
        key="back_translation",
        title="Back-translation",
        kind="text",
        family="translation",
        summary="Translates sentences into another language and back, with Apertium or a model of yours.",
        avoid="Avoid where wording decides the class, and for idioms, which come back broken.",
        references=(
            "Sennrich, Haddow & Birch (2016), Improving Neural Machine Translation with Monolingual Data, ACL.",
            "Edunov et al. (2018), Understanding Back-Translation at Scale, EMNLP.",
        ),
        needs=frozenset({Need.TORCH}),
    )
    needs_text = "a text with a sentence that comes back changed, with all its numbers, and holds nothing protected"
    read_ahead = 200

    class Params(TextParams):
        rate: float = Field(
            0.5,
            ge=0.05,
            le=1.0,
            title="Share of sentences replaced",
            description="Share of the sentences of a text that are replaced; at least one always is.",
            json_schema_extra={"tune": {}},
        )
        engine: Literal["apertium", "model"] = Field(
            "apertium",
            title="Engine",
            description="Apertium, where it is installed, or two neural models that are on this machine.",
            json_schema_extra={"trial": "model", "probe": "apertium"},
        )
        source: str = Field(
            "eng",
            min_length=2,
            max_length=20,
            title="Language of the texts",
            description="As the engine calls it: 'eng' for Apertium, 'eng_Latn' for NLLB.",
            json_schema_extra={"probe": "deu"},
        )
        pivot: str = Field(
            "spa",
            min_length=2,
            max_length=20,
            title="Language in between",
            description="As the engine calls it: 'spa' for Apertium, 'spa_Latn' for NLLB.",
            json_schema_extra={"probe": "fra"},
        )
        there: str = Field(
            "",
            max_length=300,
            title="Model there",
            description="Name or folder of the model into the other language, for the engine 'model'.",
            json_schema_extra={"trial": "tiny:translation", "probe": "tiny:other_translation"},
        )
        back: str = Field(
            "",
            max_length=300,
            title="Model back",
            description="Name or folder of the model back; the same one when left empty.",
            json_schema_extra={"trial": "tiny:translation", "probe": "tiny:other_translation"},
        )
        variants: int = Field(
            1,
            ge=1,
            le=4,
            title="Variants",
            description="Ways back that a model offers per sentence, of which one is drawn; Apertium has one.",
        )

    params: Params

    def _engines(self) -> tuple[Translator, Translator]:
        params = self.params
        if params.engine == "apertium":
            return apertium(params.source, params.pivot), apertium(params.pivot, params.source)
        there = translation_model(params.there, params.source, params.pivot, 1)
        return there, translation_model(params.back or params.there, params.pivot, params.source, params.variants)

    def _applies_to_data(self, train: Dataset) -> None:
        super()._applies_to_data(train)
        if self.params.engine == "apertium":
            self._engines()
            return
        find_model(self.params.there, self.card.title)
        find_model(self.params.back or self.params.there, self.card.title)

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        texts = texts_at(train, train.positions(target)[:LANGUAGE_SAMPLE])
        known = share_known([words_of(tokenise(text)) for text in texts])
        if self.params.source in ENGLISH and known < LEAST_KNOWN:
            raise NotApplicable(
                f"{self.card.title} is set to English texts; of the words of class '{target}', {known:.0%} are English "
                f"(at least {LEAST_KNOWN:.0%} are needed).",
                "Set 'source' to the language of the texts.",
            )
        super()._applies_to_target(train, target)

    def _read_all(self, texts: Sequence[str]) -> list[View | None]:
        """Send the sentences of all texts on their way together: an engine starts once."""
        read = []
        for text in texts:
            tokens = self._tokens(text)
            spans = [s for s in sentences(tokens) if tokens.protected.isdisjoint(range(*s)) and _has_words(tokens, s)]
            read.append((tokens, [(start, end, "".join(tokens.texts[start:end])) for start, end in spans]))
        ways = self.ways_back(list(dict.fromkeys(text for _, spans in read for _, _, text in spans)))
        views: list[View | None] = []
        for tokens, parts in read:
            places = [(start, end, ways[text]) for start, end, text in parts if ways[text]]
            views.append(View(tokens, (places, len(parts))) if places else None)
        return views

    def ways_back(self, sentences: list[str]) -> dict[str, list[str]]:
        """Return what each sentence may be replaced by; nothing where all that came back is equal or lost something."""
        came_back = self._came_back(sentences)
        return {text: [back for back in came_back[text] if verdict(text, back) == BACK] for text in sentences}

    def _came_back(self, sentences: list[str]) -> dict[str, list[str]]:
        kept = self.__dict__.setdefault("_kept", {})
        new = [text for text in sentences if text not in kept]
        if len(kept) + len(new) > MOST_KEPT:
            kept.clear()
            new = sentences
        if new:
            there, back = self._engines()
            kept.update(zip(new, back.translate([ways[0] for ways in there.translate(new)]), strict=True))
        return kept

    def _prepare(self, target: str) -> int:
        refused = super()._prepare(target)
        texts = texts_at(self.train, self._looked_at(target))
        found = [self._tokens(text) for text in texts]
        spans = [(tokens, span) for tokens in found for span in sentences(tokens) if _has_words(tokens, span)]
        seen = ["".join(tokens.texts[slice(*span)]) for tokens, span in spans]
        came_back = self._came_back(list(dict.fromkeys(seen)))
        said = [{verdict(text, back) for back in came_back[text]} for text in seen]
        equal = sum(BACK not in verdicts and EQUAL in verdicts for verdicts in said)
        lost = sum(verdicts == {LOST} for verdicts in said)
        if equal or lost:
            self._note(
                target,
                f"Of {len(seen):,} sentences of class '{target}' that were looked at, {equal:,} came back equal or "
                f"nearly equal and {lost:,} without one of their numbers or addresses; they are left as they are.",
            )
        return refused

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        places, total = view.places
        wanted = count_changes(self.params.rate, total, self.params.max_changes, chance)
        chosen = sorted(choose(places, wanted, chance), key=lambda place: place[0])
        return [Edit("replace", start, end - start, ways[int(chance() * len(ways))]) for start, end, ways in chosen]

    def _model_hash(self) -> str | None:
        """Return the hash of the models' weights; Apertium has none."""
        if self.params.engine == "apertium":
            return None
        names = dict.fromkeys((self.params.there, self.params.back or self.params.there))
        return digest([hash_of_model(find_model(name, self.card.title)) for name in names])


def _has_words(tokens: Tokens, span: tuple[int, int]) -> bool:
    return WORD in tokens.kinds[slice(*span)]
