"""The parts of the small language model, opened for onnxruntime (see MODEL_CARD.md beside it)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
SHARED = "shared.onnx"
"""Embeddings and the lowest blocks; both others begin with what it gives."""
HEADS = "heads.onnx"
SENTENCES = "sentences.onnx"
TOKENIZER = "tokenizer.json"
THREADS = 2


def open_part(path: Path) -> Any:
    """An `onnxruntime.InferenceSession`; raises what onnxruntime raises where it cannot be had."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = THREADS
    # A waiting thread sleeps: the recogniser and the screen need the cores too.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        str(path), providers=["CPUExecutionProvider"], sess_options=options
    )


def encodable(text: str) -> str:
    """The text with lone surrogates, which the tokenizer cannot take, replaced one for one."""
    return text.encode("utf-8", "replace").decode("utf-8")
