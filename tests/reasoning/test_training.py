"""The trainer and the engine agree: same features, same probabilities, same bytes again."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from copilot.reasoning import clause_model
from copilot.reasoning.detectors import DETECTORS
from copilot.reasoning.opinion import opinion

SCRIPT = Path(__file__).parents[2] / "scripts" / "train_clause_model.py"
ANSWERS = [
    ("no_business_cost", "we train on last year. the cut is where f1 peaks. alerts go to a queue"),
    ("no_business_cost", "we keep the natural rate. we take the best f1. it runs every night"),
    ("overclaim", "we tested it twice. it can never fail in any shop. we roll it out monday"),
    ("overclaim", "we split by time. it is guaranteed to work. the team reads the alerts"),
    (None, "a miss costs eighty euros. we fall back to rules. on the last month it saved nine"),
    (None, "we assume labels within two weeks. the price is review load. we roll back on alarms"),
]
QUOTES = ["f1 peaks", "the best f1", "it can never fail in any shop", "it is guaranteed to work"]


@pytest.fixture(scope="module")
def trainer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("train_clause_model", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.jsonl"
    lines = []
    for number, (kind, answer) in enumerate(ANSWERS):
        weakness = {"kind": kind, "quote": QUOTES[number]} if kind else None
        lines.append(json.dumps({"question": "How?", "answer": answer, "weakness": weakness}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_trained_weights_give_the_trainers_probabilities(
    trainer: ModuleType, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = trainer.load(corpus)
    names = trainer.vocabulary(cases, 1)
    indexed = [trainer.index(case, names) for case in cases]
    theta = trainer.train(indexed, len(names), epochs=30, rate=0.1, decay=0.01)
    packed = trainer.pack(theta, names)
    again = trainer.train(indexed, len(names), epochs=30, rate=0.1, decay=0.01)
    assert trainer.pack(again, names) == packed

    weights = msgspec.msgpack.decode(packed, type=clause_model.Weights)
    monkeypatch.setattr(clause_model, "weights", lambda: weights)
    for case, numbers in zip(cases, indexed, strict=True):
        pairs, nothing = trainer.posterior(theta, numbers)
        rules = [p for detector in DETECTORS for p in detector(case.argument)]
        table = clause_model.read_clauses(case.argument, rules)
        assert table is not None
        assert table.strong == pytest.approx(nothing, abs=0.05)  # weights are rounded to a byte
        if case.gold:
            best = max(opinion(case.argument, table).proposals, key=lambda p: p.confidence)
            row, column = divmod(int(pairs.argmax()), pairs.shape[1])
            assert best.kind == trainer.KINDS[column] == trainer.KINDS[case.kind]
            assert best.start == case.argument.readings[row].clause.start


def test_the_tiny_corpus_is_told_apart(trainer: ModuleType, corpus: Path) -> None:
    cases = trainer.load(corpus)
    names = trainer.vocabulary(cases, 1)
    indexed = [trainer.index(case, names) for case in cases]
    theta = trainer.train(indexed, len(names), epochs=30, rate=0.1, decay=0.01)
    strong = [trainer.posterior(theta, case)[1] for case in indexed]
    assert min(strong[4:]) > max(strong[:4])
