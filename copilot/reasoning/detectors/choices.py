"""Weak choices: no reason, no price, no alternative, names instead of reasons."""

from __future__ import annotations

from copilot.reasoning.argument import Argument
from copilot.reasoning.cues import Cue, Mark
from copilot.reasoning.proposals import Proposal, at_clause
from copilot.reasoning.types import Role, Weakness

_CIRCULAR = Cue(
    r"\b(because|since|reason)\b.*\b((it|that|this)('s| is|s) (just )?(the|a) (right|best"
    r"|standard|usual|"
    r"proper|natural|correct|normal|good|level|one|measure|metric|value|number)|we (always"
    r"|usually) "
    r"(use|do|did)|everybody|everyone|what we (use|want|have|take))"
)
_SETTLED = Cue(
    r"\b(that'?s (just )?(the|what) (one|window|number|value|we|i)|that (is|was|would be) (the"
    r"|what|"
    r"how|my|our)|just (feels?|felt|is|went|took|picked|go with)|by (default|habit)|out of habit|"
    r"(we|i)('d| would|'ll)? (just |simply )?(go|went|settled|landed|gone) (with|for|on)"
    r"|and that'?s it|"
    r"as (usual|always)|my (favou?rite|usual|default)|the one (i|we) (like|know|use|trust)"
    r"|no strong reason)\b"
)
_TOOLS = Cue(
    r"\b(kafka|flink|iceberg|feast|ray( serve)?|triton|milvus|pinecone|faiss|kube ?flow|mlflow|"
    r"airflow|spark|lang ?(chain|graph)|snowflake|databricks|sage ?maker|vertex|seldon|bento\w*|"
    r"knative|k native|weights and biases|w and b|optuna|hydra|dvc|great expectations|evidently|"
    r"arize|prometheus|grafana|redis|red is|cassandra|delta lake|delta|dbt|tecton|bert( for rec)?|"
    r"bert4rec|sasrec|mamba|graphormer|uni-?mol|guardrails?|ragas|self-?rag|vllm|llama ?index|"
    r"michelangelo|dag ?ster|prefect|hudi|trino|presto|druid|pulsar|elastic\w*|open ?search"
    r"|weaviate|"
    r"chroma|hugging ?face|lightgbm|cat ?boost|xg ?boost|deep ?speed|megatron|horovod|onnx"
    r"|tensor ?rt|"
    r"open ?vino|nvidia merlin|two tower|dlrm|wide and deep|deep ?fm|snorkel|label ?box|clean ?lab|"
    r"shap|lime|captum|alibi|fairlearn|aif ?360|istio|argo|terraform|helm)\b"
)
_MIN_TOOLS = 3
_HEAVY = Cue(
    r"\b(network|transformer|graph|simulator|fine ?-?tun\w*|deep|llm|language model|neural|"
    r"embedding|encoder|agent|reinforcement|ensemble|platform|build)\b"
)


def unjustified_choice(argument: Argument) -> list[Proposal]:
    """A decision with a circular reason, or settled without any reason near it."""
    found = []
    for i, reading in enumerate(argument.readings):
        if _CIRCULAR.search(reading.spoken):
            found.append(at_clause(argument, i, Weakness.UNJUSTIFIED_CHOICE, 0.6))
        elif _SETTLED.search(reading.spoken) and not _justified(argument, i):
            found.append(at_clause(argument, i, Weakness.UNJUSTIFIED_CHOICE, 0.3))
    return found


def _justified(argument: Argument, index: int) -> bool:
    """Whether a reason, a comparison or evidence stands in the clause or beside it."""
    return any(
        reading.marks & {Mark.REASON} or reading.roles & {Role.ALTERNATIVE, Role.EVIDENCE}
        for reading in argument.readings[max(0, index - 1) : index + 2]
    )


def missing_tradeoff(argument: Argument) -> list[Proposal]:
    """A gain is praised and no clause of the answer names a price for it."""
    if argument.has(Role.TRADEOFF):
        return []
    return [
        at_clause(argument, i, Weakness.MISSING_TRADEOFF, 0.3)
        for i, reading in enumerate(argument.readings)
        if Mark.GAIN in reading.marks and not reading.roles & {Role.ALTERNATIVE, Role.FAILURE_MODE}
    ]


def no_alternative(argument: Argument) -> list[Proposal]:
    """A build decision and nothing else weighed anywhere in the answer."""
    if argument.has(Role.ALTERNATIVE):
        return []
    return [
        at_clause(argument, i, Weakness.NO_ALTERNATIVE, 0.25)
        for i, reading in enumerate(argument.readings)
        if _HEAVY.search(reading.spoken)
        and (Role.DECISION in reading.roles or reading.clause.closes)
    ][:2]


def name_dropping(argument: Argument) -> list[Proposal]:
    """Three or more tools in one or two clauses, with no reason among them."""
    found = []
    for i, reading in enumerate(argument.readings):
        names = {m.group() for m in _TOOLS.finditer(reading.spoken)}
        if len(names) >= _MIN_TOOLS - 1:
            near = argument.readings[max(0, i - 1) : i + 2]
            total = {m.group() for r in near for m in _TOOLS.finditer(r.spoken)}
            reasons = any(Mark.REASON in r.marks for r in near)
            if len(total) >= _MIN_TOOLS:
                confidence = 0.35 if reasons else 0.7
                found.append(at_clause(argument, i, Weakness.NAME_DROPPING, confidence))
    return found
