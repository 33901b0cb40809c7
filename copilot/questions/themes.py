"""The themes and levels that the bank covers."""

from __future__ import annotations

from collections.abc import Iterable

THEMES = {
    "metric_choice": "Choosing a metric",
    "drift_after_deployment": "Drift after deployment",
    "data_leakage": "Data leakage",
    "class_imbalance_cost": "Class imbalance and the cost of errors",
    "simple_vs_complex": "Simple or complex model",
    "serving_at_scale": "Serving at scale",
    "monitoring": "Monitoring",
    "retraining_strategy": "Retraining",
    "overfitting_live": "Good offline, bad live",
    "explainability_compliance": "Explaining and complying",
    "failure_modes": "Failure modes",
    "feature_pipeline": "Feature pipelines",
    "experiment_ab_test": "Experiments",
    "labeling_quality": "Label quality",
    "cold_start": "Cold start",
    "latency_budget": "Latency budget",
    "feedback_loops": "Feedback loops",
    "training_serving_skew": "Training-serving skew",
    "incident_response": "Incident response",
    "stakeholder_conflict": "Stakeholders in conflict",
}
"""Identifier and title of every theme of the bundled bank; users may add their own."""

LEVELS = ("junior", "mid", "senior")


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The entry of `known` that `word` was most likely meant to be, if any is close."""
    import difflib

    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=cutoff)
    return close[0] if close else None
