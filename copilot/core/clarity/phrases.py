"""Turns of phrase that show hedging, signposts, claims, support and structure.

Patterns run over normalised text (`Script.text`): lower case, hyphens as blanks, no punctuation.
"""

from __future__ import annotations

import re

from copilot.core.clarity.script import word_set


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w'])(?:" + "|".join(phrases) + r")(?![\w'])")


HEDGES = _any(
    "maybe", "perhaps", "probably", "possibly", "presumably", "might", "i guess", "i think",
    "i believe", "i feel like", "i suppose", "i'm not sure", "not sure", "i'm not certain",
    "hopefully", "somehow", "somewhat", "more or less", "or something", "or whatever",
    "it depends", "that depends", "kinda", "sorta", "seems? like", "it seems",
    "kind of", "sort of", "i would say", "i'd say", "as far as i know",
)  # fmt: skip
"""How sure the speaker is not."""

GROUNDED = _any(
    "because", "since", "as long as", "so that", "due to", "therefore", "given", "if", "when",
    "unless", "until", "depending on", "depends on", "assuming", "whenever", "in case",
    "the reason", "provided", "based on",
)  # fmt: skip
"""A condition or a reason near a hedge: then it is calibrated, not vague."""

_ORDINAL = "(?<!the )(?<!a )(?<!our )(?<!at )(?<!this )(?<!per )"
"""Not before it: "the first month" is no signpost."""

SIGNPOSTS = _any(
    _ORDINAL + "first", _ORDINAL + "second", _ORDINAL + "third", _ORDINAL + "next", "firstly",
    "first of all", "secondly", "thirdly", "finally",
    "lastly", "to start with", "to begin with", "because", "so", "therefore", "then",
    "trade offs?", "however", "on the other hand", "in contrast", "instead", "for example",
    "for instance", "the reason", "the main", "the key", "as a result", "in short", "to sum up",
    "in summary", "in conclusion", "overall", "that means", "which means", "specifically",
    "the point is",
)  # fmt: skip
"""Words that tell the listener where the answer is going."""

PREFACE = _any(
    "good question", "great question", "interesting question", "let me think", "let me see",
    "i don't know", "i'm not sure", "not sure", "no idea", "where (?:do|should|to) i? ?start",
    "repeat the question", "do you mean", "are you asking", "i have to think", "it depends",
    "that depends", "i remember", "i've heard", "can i ask", "could you",
)  # fmt: skip
"""Talk about the answer instead of an answer: no claim."""

_CHOICE = (
    "use|choose|pick|go with|go for|opt for|start with|start by|prefer|recommend|deploy|ship|build|"
    "train|select|take|keep|split|add|measure|monitor|retrain|tune|look at|compare|switch to|drop|"
    "replace|log|cache|set|try|begin with|stick with|report|optimi[sz]e|weight|sample"
)

DECISIONS = _any(
    rf"(?:i|we)(?:'d| would|'ll| will| should| must| need to| have to|'m going to|'re going to"
    rf"| am going to| are going to)(?: (?:definitely|also|probably|always|never|rather|first|"
    rf"then|just|still))* (?:{_CHOICE})",
    r"(?:i|we) (?:chose|picked|decided|went with|recommend|prefer|settled on|use|used|choose|pick|"
    r"check|train|compare|measure|split|start with|start by)",
    r"my (?:choice|recommendation|answer|decision|approach|pick|preference) (?:is|would be|was)",
    rf"let's (?:{_CHOICE})", "the answer is",
)  # fmt: skip

ASSERTIONS = _any(
    "is", "isn't", "are", "aren't", "was", "were", "means?", "will", "won't", "should",
    "shouldn't", "must", "needs?", "can", "can't", "doesn't", "don't", "it's", "that's", "they're",
    "it'll", "reduces?", "increases?", "improves?", "causes?", "leads?", "works?", "beats?",
    "outperforms?", "breaks?", "fails?", "gives?", "requires?", "handles?", "makes?", "allows?",
    "lets", "avoids?", "prevents?", "penali[sz]es?", "learns?", "costs?", "scales?", "overfits?",
    "underfits?", "tends?", "measures?", "shows?", "happens?", "ignores?", "captures?", "hurts?",
    "helps?", "matters?", "drops?", "grows?", "dominates?", "balances?", "assumes?", "treats?",
    "has", "have", "takes?", "gets?", "adds?", "uses?", "cuts?", "catch(?:es)?", "hides?",
)  # fmt: skip
"""Finite verbs with which a statement about the matter is made."""

EXAMPLES = _any(
    "for example", "for instance", "such as", "e.g", "say we", "let's say", "in my last",
    "in my previous", "at my last", "in one project", "in a project", "we saw", "we measured",
    "we found", "i saw", "i measured", "in practice we", "once we", "imagine", "think of",
)  # fmt: skip

MECHANISMS = _any(
    "because", "so that", "which means", "that means", "due to", "therefore", "as a result",
    "leads? to", "results? in", "the reason", "that's why", "which is why", "caused by", "causes?",
    r"by \w{2,}ing", "thereby", "since (?!then)(?:the|we|it|they|i|there|this|a|our|most)",
    "otherwise", "which makes", "which lets", "in order to", "comes from", "driven by",
)  # fmt: skip

STRUCTURE: dict[str, re.Pattern[str]] = {
    "decision": DECISIONS,
    "assumptions": _any(
        "assum(?:e|es|ing|ed|ption|ptions)", "suppose", "supposing", "presuming", "let's say",
        "i'm taking it that", "i take it that",
    ),
    "constraints": _any(
        "constraints?", "budget", "latency", "must", "requirements?", "limits?", "limited",
        "at most", "no more than", "deadline", "can't exceed", "real time", "throughput",
        "regulations?", "regulatory", "privacy", "has to (?:be|run|fit|answer|respond)",
        r"within (?:\w+ ){1,3}(?:milliseconds?|ms|seconds?|minutes?|hours?|days?)",
    ),
    "options": _any(
        "alternatives?", "alternatively", "options?", "instead of", "rather than",
        "compared (?:to|with)", "versus", "vs", "another (?:way|approach|choice|model|method)",
        "other (?:approaches|ways|models|methods|choices)", "(?:we|i|you) could also",
        "or we could", "either", "as opposed to",
    ),
    "trade-off": _any(
        "trade ?offs?", "trades?", "trading", "at the (?:cost|expense|price) of",
        "on the other hand", "downsides?", "drawbacks?", "disadvantages?", "in exchange",
        "in return", "sacrific(?:e|es|ing)", "giv(?:e|es|ing) up", "pros and cons",
        "balance between", "the price (?:is|we pay)", "you lose", "we lose",
    ),
    "metric": _any(
        "metrics?", "precision", "recall", "f1", "f one", "f score", "auc", "roc", "a u c",
        "accuracy", "log loss", "rmse", "mae", "mse", "ndcg", "mrr", "perplexity", "bleu",
        "calibration", "brier", "kpis?", "lift", "ctr", r"\w+ through rate", "conversion(?: rate)?",
        "error rate", "hit rate",
        "(?:the|mean|absolute|squared|forecast|prediction|test|validation) errors?",
        "false (?:positives?|negatives?|alarms?)", "r squared",
        "churn rate", r"p9\d", "ninety (?:fifth|ninth) percentile",
    ),
    "cost": _any(
        "costs?(?! (?:function|matrix))", "costly", "expensive", "cheap(?:er)?", "money",
        "dollars?", "euros?", "revenue", "price", "profit", "saves?", "savings", "roi",
        "business (?:impact|value|case)", "bills?", "gpu hours?", "human hours?", "refunds?",
    ),
    "failure mode": _any(
        "fail(?:s|ed|ure|ures|ing)?", "breaks?", "broken", "go(?:es)? wrong", "risks?", "risky",
        "edge cases?", "overfit(?:s|ting)?",
        "worst case", "outages?", "fall ?backs?", "skew(?:ed)?", "doesn't work", "won't work",
        "degrad(?:e|es|ed|ing|ation)", "cold start", "stale", "roll ?backs?", "corrupt(?:ed|s)?",
    ),
}  # fmt: skip
"""The checklist: what each item sounds like."""

DETERMINERS = word_set(
    "what which the a an any some this that these those one each every same other another "
    "different two three certain right wrong new"
)
"""Before "kind of" or "sort of" they make it a noun ("this kind of model"), no hedge."""

NOT_FILLING_BEFORE = {
    "like": word_set(
        "i we you they would i'd we'd you'd they'd look looks looked looking feel feels felt "
        "sound sounds seem seems something things stuff anything nothing more less much not "
        "what's behave behaves act acts models methods techniques algorithms features is was be"
    ),
    "you know": word_set("do did if as what let how that when once before"),
    "i mean": word_set("what that do"),
    "kind of": DETERMINERS,
    "sort of": DETERMINERS,
}
"""A discourse filler after one of these words is an ordinary phrase."""

NOT_FILLING_AFTER = {
    "like": word_set("a an the this that to these those it you them"),
    "you know": word_set("what how that the when why where who whether which if"),
}
"""A discourse filler before one of these words is an ordinary phrase."""
