"""Abbreviations: well-known short and long forms stand for each other (own code: nlpaug has none)."""

from functools import lru_cache
from typing import Literal

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.english_phrases import EnglishPhraseAugmenter, EnglishPhraseParams
from augmentors.text.phrase_swaps import PhraseTable

# Long and short form; only those with one meaning.
_PAIRS = """
for example = e.g. | that is = i.e. | and so on = etc. | versus = vs | approximately = approx. | department = dept.
information = info | advertisement = ad | photograph = photo | telephone = phone | laboratory = lab
examination = exam | mathematics = maths | refrigerator = fridge | influenza = flu | memorandum = memo
document = doc | documents = docs | specifications = specs | representative = rep | representatives = reps
laboratories = labs | photographs = photos | advertisements = ads | examinations = exams | telephones = phones
as soon as possible = asap | by the way = btw | in my opinion = imo | to be honest = tbh | for your information = fyi
please = pls | thanks = thx | message = msg | messages = msgs | appointment = appt | government = govt
number = no. | maximum = max. | minimum = min. | average = avg. | versus = vs. | page = p. | pages = pp.
january = jan. | february = feb. | august = aug. | september = sept. | october = oct. | november = nov.
december = dec. | monday = mon. | tuesday = tue. | wednesday = wed. | thursday = thu. | friday = fri.
saturday = sat. | sunday = sun. | doctor = dr. | professor = prof. | street = st. | avenue = ave. | company = co.
corporation = corp. | incorporated = inc. | limited = ltd. | united states = u.s. | united kingdom = u.k.
frequently asked questions = FAQ | question and answer = q&a | do it yourself = diy | point of view = pov
human resources = HR | public relations = PR | information technology = IT | artificial intelligence = AI
television = TV | compact disc = CD | identification = ID | chief executive officer = CEO
kilograms = kg | kilometres = km | kilometers = km | centimetres = cm | centimeters = cm | hours = hrs
minutes = mins | seconds = secs | pounds = lbs | square = sq.
"""
# Short forms that mean something else as often: written short, never in full.
_ONLY_SHORTEN = frozenset({"no.", "p.", "st.", "co.", "dr.", "sat.", "sun.", "mon.", "it", "pr", "id", "vs", "ad"})


class Abbreviations(EnglishPhraseAugmenter):
    """Exchange well-known abbreviations and their long forms.

    Examples
    --------
    >>> from augmentors.testing.texts import made
    >>> made("abbreviations", ["Please send the document as soon as possible."], 1, rate=1.0).frame["text"].tolist()
    ['Pls send the doc asap.']
    """

    card = Card(
        key="abbreviations",
        title="Abbreviations",
        kind="text",
        family="classical",
        summary="Exchanges well-known abbreviations and their long forms: info and information, asap.",
        avoid="Avoid for texts that are not English; few texts offer many places.",
        references=("Coulombe (2018), Text Data Augmentation Made Simple, arXiv:1812.04718.",),
    )
    needs_text = "an English text with a known abbreviation, or its long form, that is not protected"
    resource = "abbreviations"

    class Params(EnglishPhraseParams):
        direction: Literal["both", "shorten", "expand"] = Field(
            "both",
            title="Direction",
            description="Shorten long forms, write abbreviations in full, or both.",
        )

    params: Params

    def _table(self) -> PhraseTable:
        return _table(self.params.direction)


@lru_cache(maxsize=3)
def _table(direction: str) -> PhraseTable:
    swaps: dict[str, list[str]] = {}
    for line in _PAIRS.strip().splitlines():
        for pair in line.split("|"):
            long, short = (side.strip() for side in pair.split("="))
            if direction != "expand":
                swaps.setdefault(long, []).append(short)
            if direction != "shorten" and short.lower() not in _ONLY_SHORTEN:
                swaps.setdefault(short, []).append(long)
    return PhraseTable(swaps)
