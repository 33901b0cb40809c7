"""Things of machine-learning work that people call by many names.

A request is understood by what it is about more than by its words: "the histogram of the scores"
and "how are the predictions spread" share no word. Phrases are compared by their stems.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from copilot.language.tokens import words
from copilot.reasoning.text import stem

_PHRASES = {
    "importance": "importance, important, matter, matters most, drives, dominates, influence, "
    "contribute, leans on, relies on, predictors, shap, permutation, strongest, top feature",
    "feature": "feature, features, input, inputs, variable, column, columns, attribute, field",
    "label": "label, labels, target, ground truth, outcome, annotation, diagnosis, diagnoses",
    "split": "split, splits, splitting, divide, divided, holdout, held out, test set",
    "train": "train, training, trained, fit, fitted",
    "live": "live, production, serving, online, in the wild, deployed system, real time",
    "offline": "offline, backtest, lab",
    "duplicate": "duplicate, duplicates, copies, identical, overlap, both sides, both sets, share, "
    "near duplicate, deduplicate, appear in both",
    "distribution": "distribution, distributions, histogram, spread, range, shape",
    "trend": "over time, trend, per week, per day, by day, by week, by month, per month, day by "
    "day, each week, each day, weekly, gradually, grow, growing, sudden, jump, jumped, develop, "
    "developed, history, slowly",
    "slice": "break down, broken down, segment, slice, group, split by, by region, by country, "
    "per country, per region, by server, by group, which part, affected, in common, limited to",
    "time": "when, timestamp, time, date, moment, cutoff, as of, point in time, at what time",
    "future": "after, future, afterwards, later, know the future, leak, leakage",
    "fresh": "fresh, freshness, last updated, refreshed, age, up to date, old, stale, last write, "
    "lag, lagging, delay, delayed, late, on time",
    "code": "code, script, function, query, transformation, logic, implementation, source code",
    "job": "job, jobs, scheduler, airflow, batch, pipeline run, runs, cron",
    "log": "log, logs, logged, logging, record, recorded",
    "change": "change, changed, changes, change log, update, updated, altered, modified, "
    "edited, touched, new release, release, released, deployed, deployment, rollout, rolled out, "
    "install, installed, configuration",
    "version": "version, versions, checksum, hash, hashes, artifact, artifacts, build",
    "missing": "missing, null, nulls, blank, blanks, empty, gaps, gap, imputed, imputation, fill, "
    "filled, default",
    "join": "join, joined, merge, merged, merging, match rate, keys, unmatched, line up",
    "count": "how many, number of, count, volume, amount, quantity, how much",
    "single": "one example, single, one case, individual, concrete, particular, by hand, trace, "
    "walk through, follow, end to end, one record",
    "compare": "compare, comparison, versus, against, difference, diff, match, agree, equal, same",
    "latency": "latency, slow, response time, fast, timeout, timeouts, deadline, load, overloaded, "
    "speed, milliseconds, wait",
    "threshold": "threshold, cutoff, cut off, decision rule, alert rule, alarm level",
    "score": "score, scores, prediction, predictions, probability, probabilities, model output",
    "experiment": "experiment, a b test, randomised, randomized, random, control group, holdout "
    "group, exploration, pilot, bucket",
    "evaluation": "evaluation, evaluate, evaluated, validation, validated, metric, measured",
    "population": "population, patients, who is in, demographics, case mix, customers, users, "
    "applicants, people, readers",
    "complexity": "simpler, simple model, baseline, logistic regression, learning curve, complex",
    "market": "market, economy, competitors, industry, recession, unemployment, interest rates",
    "calendar": "holiday, holidays, calendar, weekend, special event, weekday, day of week",
    "screen": "app, screen, layout, page, front end, user interface, display, design, phone, "
    "mobile, desktop, banner",
    "hardware": "hardware, machine, machines, server, servers, container, graphics card, gpu, "
    "replica, replicas, node, nodes, host, hosts, pod, pods, instance, instances",
    "repeat": "repeat, several times, many times, again, deterministic, repeatedly, fixed input",
    "fail": "fail, fails, failed, failure, error handling, exception, exceptions, swallowed, "
    "fallback, default order, degrade",
    "provider": "provider, vendor, manufacturer, maker, brand, supplier, weather service, firmware",
    "physical": "inspection, inspected, damage, wear, worn, technician, technicians, mechanical",
    "money": "price, prices, cost, costs, revenue, fee, discount, expensive, currency",
    "policy": "policy, rules, terms, conditions",
    "survey": "survey, feedback, ask users, search for, interests, taste, preferences",
    "supply": "supply, publish, published, catalogue, assortment, stock, inventory, available",
    "source": "raw, source, original, feed, file, ingestion, import",
    "drift": "drift, shift, shifted, stability index",
}


@cache
def _table() -> dict[tuple[str, ...], tuple[str, ...]]:
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    for concept, phrases in _PHRASES.items():
        for phrase in phrases.split(","):
            key = tuple(stem(word) for word in words(phrase))
            if concept not in table.get(key, ()):
                table[key] = (*table.get(key, ()), concept)
    return table


@cache
def _longest() -> int:
    return max(map(len, _table()))


def concepts(stems: Sequence[str]) -> list[str]:
    """The concepts that a text names, once for each mention; `stems` are those of all its words."""
    table = _table()
    return [
        concept
        for start in range(len(stems))
        for length in range(1, _longest() + 1)
        if start + length <= len(stems)
        for concept in table.get(tuple(stems[start : start + length]), ())
    ]
