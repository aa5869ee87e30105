"""Texts as numbered pieces of words: those of MiniLM, or a vocabulary learnt from the training texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

VOCABULARY = 4_000
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# Characters that are looked at: more than any text yields in pieces.
LONGEST = 4_000


@dataclass(frozen=True)
class Pieces:
    """A tokeniser as the encoders use it.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
    first, last, pad, mask, unknown : int
        Special pieces.
    """

    tokenizer: Any
    first: int
    last: int
    pad: int
    mask: int
    unknown: int

    @classmethod
    def of(cls, tokenizer: Any) -> Pieces:
        """Return a tokeniser with the special pieces that BERT's tokenisers have."""
        pad, unknown, first, last, mask = (tokenizer.token_to_id(name) for name in SPECIAL)
        return cls(tokenizer, first, last, pad, mask, unknown)

    @classmethod
    def learnt(cls, texts: Sequence[str]) -> Pieces:
        """Learn up to 4,000 pieces from texts by byte-pair encoding, in any language; letters lose their case.

        References
        ----------
        Sennrich, Haddow & Birch (2016), Neural Machine Translation of Rare Words with Subword Units, ACL.
        """
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

        tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation()])
        # A prefix for continuations would be numbered in the order of a hash table: other pieces in each run.
        trainer = trainers.BpeTrainer(
            vocab_size=VOCABULARY, min_frequency=2, special_tokens=list(SPECIAL), show_progress=False
        )
        tokenizer.train_from_iterator([text[:LONGEST] for text in texts], trainer)
        return cls.of(tokenizer)

    @classmethod
    def read(cls, text: str) -> Pieces:
        """Return the tokeniser that `written` described."""
        from tokenizers import Tokenizer

        return cls.of(Tokenizer.from_str(text))

    def written(self) -> str:
        """Return the tokeniser as JSON."""
        return str(self.tokenizer.to_str())

    def __len__(self) -> int:
        return int(self.tokenizer.get_vocab_size())

    def of_texts(self, texts: Sequence[str], most: int) -> list[list[int]]:
        """Return the first pieces of each text, without special ones."""
        return [self.tokenizer.encode(text[:LONGEST].strip(), add_special_tokens=False).ids[:most] for text in texts]
