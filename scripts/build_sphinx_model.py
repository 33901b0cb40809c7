"""Build the machine-learning language model and dictionary of the PocketSphinx recogniser.

    python scripts/build_sphinx_model.py [--out FOLDER]

Mixes trigrams of spoken machine-learning talk (`sphinx_lm/answers.txt`, random sentences of
`sphinx_lm/grammar.toml`) with the most useful bigrams of the general model in
the `pocketsphinx` wheel, and writes `ml.lm.bin` and `ml.dict`.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pocketsphinx
from sphinx_lm import spoken
from sphinx_lm.ngrams import General, Part, Trigrams, write_arpa
from sphinx_lm.trie import Bigrams, read_bigrams

HERE = Path(__file__).resolve().parent
TEXTS = HERE / "sphinx_lm"
ROOT = HERE.parent
OUT = ROOT / "copilot" / "engines" / "stt" / "sphinx_model"

GENERAL_WORDS = 30_000
GENERAL_BIGRAMS = 210_000
ANSWER_SHARE = 0.40
GRAMMAR_SHARE = 0.25
GRAMMAR_SENTENCES = 60_000
SEED = 7


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    wheel = Path(pocketsphinx.get_model_path("en-us"))
    bigrams = read_bigrams(wheel / "en-us.lm.bin")
    sounds = read_dictionary(wheel / "cmudict-en-us.dict")
    sounds.update(read_pronunciations(TEXTS / "pronunciations.txt"))

    grammar = tomllib.loads((TEXTS / "grammar.toml").read_text("utf-8"))
    answers = [american(s, sounds) for s in written_texts()]
    generated = list(spoken.generate(grammar, GRAMMAR_SENTENCES, SEED))
    words = vocabulary([*answers, *generated], bigrams, sounds)
    number = {word: i for i, word in enumerate(words)}

    general = General(bigrams, number, len(words))
    unigram = general.unigram(np.arange(len(words)))
    unigram /= unigram.sum()
    parts = [
        Part(Trigrams(numbered(lines, number), len(words), unigram), share, rarest)
        for lines, share, rarest in ((answers, ANSWER_SHARE, 1), (generated, GRAMMAR_SHARE, 2))
    ]
    with tempfile.TemporaryDirectory() as folder:
        arpa = Path(folder) / "ml.arpa"
        print(write_arpa(arpa, words, parts, general, GENERAL_BIGRAMS))
        config = pocketsphinx.Config(lm=None, hmm=None, dict=None, loglevel="ERROR")
        model = pocketsphinx.NGramModel(config, pocketsphinx.LogMath(), str(arpa))
        model.write(str(out / "ml.lm.bin"))
    write_dictionary(out / "ml.dict", words, sounds)
    for path in sorted(out.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


def read_dictionary(path: Path) -> dict[str, list[str]]:
    """Pronunciations by word of a Sphinx dictionary."""
    sounds: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        word, _, phones = line.partition(" ")
        sounds.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(phones.strip())
    return sounds


def read_pronunciations(path: Path) -> dict[str, list[str]]:
    """Pronunciations by word of `pronunciations.txt`."""
    sounds = {}
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _, phones = line.partition("=")
            sounds[word.strip()] = [variant.strip() for variant in phones.split("|")]
    return sounds


def written_texts() -> Iterator[list[str]]:
    """Sentences of the copied answers and their questions."""
    for line in (TEXTS / "answers.txt").read_text("utf-8").splitlines():
        yield from spoken.sentences(line)


def american(words: list[str], sounds: dict[str, list[str]]) -> list[str]:
    """Words in the spelling that has a pronunciation; letters of an acronym said singly joined."""
    text = " ".join(words)
    text = re.sub(r"\b[a-z](?: [a-z]){1,3}\b", lambda m: _joined(m.group(), sounds), text)
    return [_spelling(w, sounds) for w in text.split()]


def _joined(letters: str, sounds: dict[str, list[str]]) -> str:
    acronym = letters.replace(" ", "")
    return acronym if len(acronym) > 2 and acronym in sounds else letters


def _spelling(word: str, sounds: dict[str, list[str]]) -> str:
    if word in sounds:
        return word
    candidates = (
        re.sub(r"is(e|ed|es|er|ing|ation|ations)$", r"iz\1", word),
        re.sub(r"ll(ed|ing|er|ers)$", r"l\1", word),
        word.replace("our", "or"),
    )
    return next((c for c in candidates if c in sounds), word)


def vocabulary(
    lines: Iterable[list[str]], bigrams: Bigrams, sounds: dict[str, list[str]]
) -> list[str]:
    """Sentence marks, the most frequent general words and all domain words that can be said."""
    own = Counter(word for line in lines for word in line)
    silent = {word: n for word, n in own.items() if word not in sounds}
    print("left out:", " ".join(sorted(silent, key=lambda w: -silent[w])))
    frequent = np.argsort(-bigrams.unigram, kind="stable")
    usual = [w for w in (bigrams.words[i] for i in frequent) if w in sounds][:GENERAL_WORDS]
    return ["<s>", "</s>", *sorted({w for w in own if w in sounds} | set(usual))]


def numbered(lines: Iterable[list[str]], number: dict[str, int]) -> Iterator[list[int]]:
    """Sentences as word numbers between sentence marks, broken at words that have none."""
    for line in lines:
        run = [number["<s>"]]
        for word in line:
            if word in number:
                run.append(number[word])
            else:
                yield run
                run = []
        yield [*run, number["</s>"]]


def write_dictionary(path: Path, words: list[str], sounds: dict[str, list[str]]) -> None:
    """A Sphinx dictionary of the words of the language model."""
    with path.open("w", encoding="utf-8") as out:
        for word in words[2:]:
            for i, phones in enumerate(sounds[word]):
                out.write(f"{word}{f'({i + 1})' if i else ''} {phones}\n")


if __name__ == "__main__":
    main()
