"""Speech to text with Whisper, through faster-whisper on the CPU.

Words keep their surface form, with the punctuation Whisper attaches to them ("model," "is?"):
sentence ends help the analysis of the answer, and `language.tokens` drops them where only the
words count.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from copilot.core.clock import BLOCK, RATE
from copilot.core.events import Word
from copilot.engines import models
from copilot.engines.priority import give_way
from copilot.engines.protocols import Audio, Transcript
from copilot.engines.stt import postfilter, trial
from copilot.errors import CopilotError, Missing

FILLER_PROMPT = "Um, uh, so, like..."
"""Makes Whisper write filled pauses; over 32 characters it begins to lose sentences
(whisperX issue 693)."""

_HOTWORDS = 10
"""More of them leak into the output."""
_TOKENS_A_SECOND = 10
"""Room for the fastest speech (6 words a second, 1.5 tokens a word); a loop needs far more."""
_SHORTEST = RATE // 10
"""Samples: less holds no word."""


class Whisper:
    """A recogniser (`engines.protocols.Recogniser`) on a CTranslate2 Whisper model.

    Loads the model when it is made: `folder` must hold the files that `models.check_files` names.
    Raises `Missing` where they are not there or damaged.
    """

    def __init__(self, folder: Path, *, name: str = "", threads: int = 0) -> None:
        self.name = f"whisper:{name or folder.name}"
        problems = models.check_files(folder)
        if problems:
            raise Missing(problems[0], models.fetch_again(folder))
        from copilot.engines.stt.short_window import ShortWindowModel

        tried = trial.recall(folder)
        self.abilities = tried.abilities if tried else trial.Abilities()
        """What is done with these weights: what `models check` found that they stand."""
        try:
            # The model's own threads are as urgent as the one in which it is made.
            with ThreadPoolExecutor(1, initializer=give_way) as made:
                self._model = made.submit(
                    ShortWindowModel,
                    str(folder),
                    device="cpu",
                    compute_type="int8",
                    cpu_threads=threads or min(4, os.cpu_count() or 1),
                    local_files_only=True,
                ).result()
        except (RuntimeError, ValueError, OSError) as error:
            raise Missing(
                f"The Whisper model in {folder} cannot be loaded: its files are damaged.",
                models.fetch_again(folder),
            ) from error
        self._window: int = self._model.feature_extractor.n_samples

    def transcribe(
        self,
        audio: Audio,
        *,
        final: bool = True,
        hotwords: Sequence[str] = (),
        prefix: str = "",
    ) -> Transcript:
        """Words of `audio` (mono, 16 kHz), with `prefix`, if given, as the words it begins with.

        A span longer than the model's window is cut at its quietest points; `prefix` is then
        left out, as its place in the audio is not known. Silence is never sent to the model.
        """
        audio = np.nan_to_num(np.asarray(audio, dtype=np.float32))
        levels = postfilter.block_levels(audio)
        if len(audio) < _SHORTEST or max(levels) <= postfilter.SILENT:
            return Transcript((), self.name)
        hints = ", ".join(hotwords[:_HOTWORDS]) if self.abilities.hotwords else ""
        pieces = cut(levels, len(audio), self._window)
        segments: list[postfilter.Segment] = []
        for start, end in pieces:
            if max(levels[start // BLOCK : -(-end // BLOCK)]) > postfilter.SILENT:
                opening = prefix.strip() if len(pieces) == 1 else ""
                segments += self._hear(audio[start:end], start, final, hints, opening)
        words, filtered = postfilter.clean(
            segments, levels, len(audio), prompts=(FILLER_PROMPT, hints)
        )
        return Transcript(words, self.name, filtered)

    def _hear(
        self, audio: Audio, offset: int, final: bool, hints: str, prefix: str
    ) -> list[postfilter.Segment]:
        """What the model hears in one window of `audio`, times moved by `offset`."""
        room = self._model.max_length - sum(
            len(self._model.hf_tokenizer.encode(text).ids) + 2
            for text in (FILLER_PROMPT, hints, prefix)
        )
        self._model.frames = frames_of(len(audio)) if self.abilities.short else None
        wanted = round(_TOKENS_A_SECOND * len(audio) / RATE) + 24
        try:
            segments, _ = self._model.transcribe(
                audio,
                language="en",
                beam_size=5 if final else 1,
                temperature=(0.0, 0.2) if final else (0.0,),
                best_of=2,
                compression_ratio_threshold=postfilter.COMPRESSION,
                log_prob_threshold=postfilter.LOGPROB,
                no_speech_threshold=None,  # judged in postfilter, where it gets a name
                condition_on_previous_text=False,
                initial_prompt=FILLER_PROMPT,
                hotwords=hints or None,
                prefix=prefix or None,
                max_new_tokens=max(1, min(wanted, room)),
                word_timestamps=True,
                vad_filter=False,
            )
            return [_segment(s, offset) for s in segments]
        except (RuntimeError, ValueError) as error:
            raise CopilotError(
                "Whisper failed on this audio.", "Try --stt pocketsphinx, or another model."
            ) from error


def load_whisper(model: str | None = None) -> Whisper:
    """The recogniser for a model's name or folder, or for the best model on this machine.

    Never uses the network. Raises `Missing` where the model is not there or damaged.
    """
    wanted = model or models.auto_model()
    if wanted is None:
        raise Missing("No Whisper model is on this machine.", models.FETCH_ONE)
    folder = models.find_model(wanted)
    if folder is None:
        raise models.not_here(wanted)
    return Whisper(folder, name=folder.name if Path(wanted).is_dir() else wanted)


def frames_of(length: int) -> int:
    """Frames of 10 ms for the encoder that `length` samples need, with the padding they need."""
    from copilot.engines.stt.short_window import MARGIN

    return -(-length * 100 // RATE) + MARGIN


def cut(levels: Sequence[int], length: int, window: int) -> list[tuple[int, int]]:
    """Pieces (start, end in samples) of at most `window` samples, cut at the quietest blocks.

    `levels` are dBFS a block. A cut lies in the second half of its window; of equally quiet
    blocks the middle one is taken.
    """
    pieces = []
    start = 0
    while length - start > window:
        last = (start + window) // BLOCK
        first = (start + window // 2) // BLOCK + 1
        # Mean of five blocks (0.16 s): a pause, not the closure of a plosive.
        quiet = [sum(levels[max(0, b - 2) : b + 3]) for b in range(first, last)]
        quietest = min(quiet)
        ties = [first + i for i, level in enumerate(quiet) if level == quietest]
        end = ties[len(ties) // 2] * BLOCK
        pieces.append((start, end))
        start = end
    pieces.append((start, length))
    return pieces


def _segment(segment: Any, offset: int) -> postfilter.Segment:
    return postfilter.Segment(
        tuple(_words(segment.words or (), offset)),
        float(segment.no_speech_prob),
        float(segment.avg_logprob),
    )


def _words(heard: Iterable[Any], offset: int) -> list[Word]:
    """faster-whisper's words as ours; pieces written without a space ("trade", "-off") joined."""
    out: list[Word] = []
    for w in heard:
        text = "".join(c for c in w.word if c.isprintable())
        start, end = (offset + round(float(t) * RATE) for t in (w.start, w.end))
        confidence = min(100, max(0, round(100 * float(w.probability))))
        if out and (not text.startswith(" ") or not any(c.isalnum() for c in text)):
            last = out[-1]
            joined = last.text + text.strip()
            out[-1] = Word(joined, last.start, max(last.end, end), min(last.confidence, confidence))
        elif any(c.isalnum() for c in text):
            out.append(Word(text.strip(), start, end, confidence))
    return out
