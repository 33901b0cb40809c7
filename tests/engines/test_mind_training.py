"""Training of the mind: labels survive every change of an answer, and a small run learns."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mind.corpus import Item

SCRIPTS = Path(__file__).parents[2] / "scripts"
CORPUS = SCRIPTS / "corpus" / "a1.jsonl"


@pytest.fixture(autouse=True)
def _scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SCRIPTS)


@pytest.fixture
def items() -> list[Item]:
    from mind.corpus import load

    found: list[Item] = load([CORPUS])
    return found[:16]


def test_labels_become_clauses(items: list[Item]) -> None:
    from mind.corpus import KINDS, ROLES, case

    raw = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    for item, labelled in zip(items, raw, strict=False):
        shown = case(item)
        assert any(shown.weak) == (labelled["verdict"] == "weak")
        if labelled["weakness"]:
            assert shown.kind == KINDS.index(labelled["weakness"]["kind"])
            quote = " ".join(labelled["weakness"]["quote"].split())
            clauses = [
                shown.answer[start:end]
                for (start, end), weak in zip(shown.spans, shown.weak, strict=True)
                if weak
            ]
            assert any(c in quote or quote in c or set(c.split()) & set(quote.split())
                       for c in clauses)  # fmt: skip
        made = {ROLES[role] for roles in shown.roles for role in roles}
        assert made <= {move["role"] for move in labelled["moves"]}


def test_a_changed_answer_keeps_what_is_labelled(items: list[Item]) -> None:
    from mind.augmentation import changed, swapped
    from mind.corpus import case

    looks = set()
    for number, item in enumerate(items):
        copy = changed(item, random.Random(number))
        assert copy == changed(item, random.Random(number))
        assert (copy.kind, any(case(copy).weak)) == (item.kind, item.kind is not None)
        looks.add(case(copy).answer == case(item).answer)
        foreign = swapped(item, items, random.Random(number))
        assert not foreign.related
    assert False in looks


def tokenizer(items: list[Item]) -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    words = sorted({w.text.lower() for item in items for w in item.words})
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words]
    numbers = {name: number for number, name in enumerate(names)}
    made = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return made


@pytest.fixture
def torch() -> Iterator[Any]:
    found = pytest.importorskip("torch", reason="torch trains the mind; the product needs none")
    threads = found.get_num_threads()
    found.set_num_threads(1)
    yield found
    found.set_num_threads(threads)


def test_a_small_run_learns_and_can_be_repeated(items: list[Item], torch: Any) -> None:
    from mind.network import Mind
    from mind.training import Plan, encoder, fit

    few, split = items[:4], tokenizer(items)
    plan = Plan(epochs=3, fixed=5, copies=1, batch=4)
    logged: list[str] = []
    found = []
    for _ in range(2):
        torch.manual_seed(0)
        mind = Mind(split.get_vocab_size())
        found.append(fit(mind, encoder(mind, split, plan.fixed), few, plan, logged.append))
    losses = [float(line.split("loss ")[1].split(",")[0]) for line in logged]
    assert losses[2] < losses[0]
    assert losses[:3] == losses[3:]
    for one, other in zip(found[0].parameters(), found[1].parameters(), strict=True):
        assert torch.equal(one, other)
