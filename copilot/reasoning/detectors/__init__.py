"""Rules for the kinds of weakness: each looks at one answer and names the words it rests on."""

from copilot.reasoning.detectors.choices import (
    missing_tradeoff,
    name_dropping,
    no_alternative,
    unjustified_choice,
)
from copilot.reasoning.detectors.claims import (
    causal_gap,
    misconception,
    missing_assumption,
    no_metric,
    overclaim,
    vague_quantifier,
)
from copilot.reasoning.detectors.design import (
    ignores_constraint,
    no_business_cost,
    no_failure_mode,
    rambling,
    textbook_definition,
)
from copilot.reasoning.proposals import Source

DETECTORS: tuple[Source, ...] = (
    unjustified_choice,
    missing_tradeoff,
    missing_assumption,
    ignores_constraint,
    no_business_cost,
    no_metric,
    vague_quantifier,
    textbook_definition,
    no_failure_mode,
    overclaim,
    misconception,
    causal_gap,
    rambling,
    no_alternative,
    name_dropping,
)
"""One a kind; contradictions come from `copilot.reasoning.ledger`."""
