"""Tiny language models with random weights, made on the spot: they prove the real loading code, not quality."""

import re
import tempfile
from atexit import register
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from typing import Any

from augmentors.explore.embeddings import random_state_kept
from augmentors.testing.toys import SENTENCES

WORDS = sorted({word.lower() for sentence in SENTENCES for word in re.findall(r"\w+|[^\w\s]", sentence)})


@lru_cache(maxsize=8)
def tiny_model(name: str) -> Path:
    """Return a folder with a tiny model, made once per process.

    Parameters
    ----------
    name : {"masked_lm", "other_masked_lm", "translation", "other_translation", "causal_lm",
        "other_causal_lm", "entities"}
        The other ones have other weights.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"tiny-{name}-"))
    register(rmtree, folder, ignore_errors=True)
    seed = int(name.startswith("other_"))
    with random_state_kept():
        if name == "entities":
            _entities(folder)
        elif name.removeprefix("other_") == "masked_lm":
            _masked_lm(folder, seed)
        elif name.removeprefix("other_") == "causal_lm":
            _causal_lm(folder, seed)
        else:
            _translation(folder, seed)
    return folder


def _masked_lm(folder: Path, seed: int) -> None:
    import torch
    from transformers import BertConfig, BertForMaskedLM, BertTokenizer

    torch.manual_seed(seed)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    vocabulary = {word: i for i, word in enumerate(words)}
    BertTokenizer(vocab=vocabulary).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
        pad_token_id=0,
    )
    BertForMaskedLM(config).save_pretrained(folder)


def _causal_lm(folder: Path, seed: int) -> None:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    torch.manual_seed(seed)
    words = ["<unk>", "</s>", *WORDS]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>", unk_token="<unk>").save_pretrained(folder)
    config = GPT2Config(
        vocab_size=len(words), n_positions=128, n_embd=16, n_layer=1, n_head=2, bos_token_id=1, eos_token_id=1
    )
    GPT2LMHeadModel(config).save_pretrained(folder)


def _entities(folder: Path) -> None:
    """Write a pipeline that takes some phrases of the toy texts for entities; none without spaCy, an extra."""
    if find_spec("spacy") is None:
        return
    import spacy

    pipeline = spacy.blank("en")
    phrases = ["rare matter", "is good", "matter", "don't want", "info"]
    ruler: Any = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PRODUCT", "pattern": phrase} for phrase in phrases])
    pipeline.to_disk(folder)


def _translation(folder: Path, seed: int) -> None:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BartConfig, BartForConditionalGeneration, PreTrainedTokenizerFast

    torch.manual_seed(seed)
    words = ["<s>", "<pad>", "</s>", "<unk>", "eng", "spa", "fra", "deu", *WORDS]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    marks = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=12, **marks).save_pretrained(folder)
    config = BartConfig(
        vocab_size=len(words),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=128,
        init_std=1.0,  # so that what comes out depends on what goes in
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_eos_token_id=2,
    )
    BartForConditionalGeneration(config).save_pretrained(folder)
