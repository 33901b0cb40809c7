"""What the five content dimensions of an interview listen for, and which gaps count against them.

The dimensions are those of FEATURES.md; the aspects of each are our judgement of what a strong
interviewer wants to hear, and every one needs words of the candidate that show it.
"""

from __future__ import annotations

import msgspec

from copilot.reasoning.argument import Reading
from copilot.reasoning.cues import Cue, Mark
from copilot.reasoning.types import Role, Weakness

_NONE = Cue(r"(?!)")


class Aspect(msgspec.Struct, frozen=True):
    """One thing that an answer can show; a clause shows it by a move, a mark or a phrase."""

    name: str
    """As it stands in a sentence: "Heard: ..."."""
    roles: frozenset[Role] = frozenset()
    marks: frozenset[Mark] = frozenset()
    cue: Cue = _NONE
    number: bool = False
    """Whether the same clause has to hold a number."""

    def shown_by(self, reading: Reading, roles: frozenset[Role]) -> bool:
        """Whether a clause that makes the moves `roles` shows this."""
        if self.number and Mark.NUMBER not in reading.marks:
            return False
        return bool(
            self.roles & roles or self.marks & reading.marks or self.cue.search(reading.spoken)
        )


_WATCHED = (
    r"\b(monitor\w*|alert\w*|alarm\w*|watch(ed|ing)?|track(ed|ing)?|dashboard|pages? (us|me|the)"
    r"|on ?-?call|drill(ed|s)?|daily|every (hour|day|night|week)|each (hour|day|week))\b"
)

_MEASURE = Cue(r"\b(errors?|scores?|share of|hit rate|win rate|how (many|much))\b")

ASPECTS: dict[str, tuple[Aspect, ...]] = {
    "framing": (
        Aspect(
            "a decision",
            frozenset({Role.DECISION}),
            cue=Cue(
                r"\b(i|we)('d| would|'ll| will) (not )?\w+|\bid (rather )?\w+"
                r"|\bmy (answer|call|plan)\b|\b(i|we) (rank|take|use|choose|pick|set|keep|start"
                r"|send|score|train|split|report|ship|cut|measure|put)\b"
                r"|\b(gate|rule|plan|cut|answer|design) is\b|\bso (train|use|keep|rank|split|embed"
                r"|plan|start|ship|hold)\b|^(use|keep|rank|split|train|start|hold|stop|no) "
            ),
        ),
        Aspect(
            "an assumption",
            frozenset({Role.ASSUMPTION}),
            cue=Cue(r"\bassum\w+|\bthis (needs|requires) that\b|\bonly (works|true|valid) if\b"),
        ),
        Aspect(
            "a limit of the case",
            frozenset({Role.CONSTRAINT}),
            cue=Cue(
                r"\b(limits?|capacity|budgets?|slots?|quota|deadline|regulator\w*|law|in the path"
                r"|cannot (grow|leave|wait|see)|can't (grow|leave|wait|see)|only (have|get|got|\w+ "
                r"(people|engineers?|reviewers?|machines?)))\b"
            ),
        ),
        Aspect(
            "what matters most",
            cue=Cue(
                r"\b(what (really )?matters|depends on|the (goal|point|aim|decision|real question)"
                r"|first (i|we|question|check|suspect|thing)|before (anything|i|we)|start (with"
                r"|from)|who (uses|acts|decides|reads|owns)|comes down to|the (hard|real) part)\b"
            ),
        ),
    ),
    "data scepticism": (
        Aspect(
            "a doubt about the data",
            cue=Cue(
                r"\b(leak\w*|bias\w*|skew\w*|stale|duplicat\w*|mislabel\w*|noisy|confound\w*|prox(y"
                r"|ies)|suspect\w*|suspicious|too good|selection|self ?-?select\w*|survivor\w*"
                r"|not (a )?random|under ?-?represent\w*|labels? (only|are|is|come|arrive|lag)\w*"
                r"|only (exist|see|label|know)\w*|written after|overwrit\w+|base rate|by chance"
                r"|false (alarm|positive)s? (in|from)|feedback loop|already knows?)\b"
            ),
        ),
        Aspect(
            "a fair test",
            cue=Cue(
                r"\b(hold ?-?out|held out|by (time|date|customer|user|patient|week|month|site"
                r"|store)|random \w+|randomly|at random|control group|a ?/? ?b test"
                r"|replay(ed)?|shadow|back ?-?test\w*|out of time|(last|later|latest) \w+ "
                r"(days|weeks|months)|blind(ed)?|untouched)\b"
            ),
        ),
        Aspect(
            "a check",
            cue=Cue(
                r"\b(check(s|ed|ing)?|verif\w+|audit\w*|compar(e|ed|es|ing)|by hand|inspect\w*"
                r"|sampled?|rebuil(d|t)|reproduc\w+|ablat\w+|reconcil\w+|sanity|look(ed)? at"
                r"|count(ed)?|measured?)\b"
            ),
        ),
        Aspect("evidence", frozenset({Role.EVIDENCE})),
    ),
    "metric-business link": (
        Aspect("a metric", frozenset({Role.METRIC}), cue=_MEASURE),
        Aspect("what a mistake costs", frozenset({Role.COST})),
        Aspect("a number on it", frozenset({Role.METRIC, Role.COST}), cue=_MEASURE, number=True),
        Aspect(
            "the metric in terms of the business",
            cue=Cue(
                r"\b(at (a |the |that )?(fixed|capacity|same|top)|per (dollar|hundred|thousand"
                r"|million|day|week|month|order|customer|user|case|call|request)"
                r"|a (day|week|month|year)|expected (loss|cost|value)|net (of|loss|gain|revenue)"
                r"|saved?|worth|break ?-?even|revenue|margin|profit|money)\b"
            ),
        ),
    ),
    "trade-off reasoning": (
        Aspect(
            "an alternative",
            frozenset({Role.ALTERNATIVE}),
            cue=Cue(
                r"\b(on the table|instead|rather than|was tried|we tried|quicker|cheaper|simpler"
                r"|smarter|other (option|way|choice)|or (just|simply)|a \w+ \w+ would|not (the|a|"
                r"area|accuracy|auc)|second best|option)\b"
            ),
        ),
        Aspect(
            "what is given up",
            frozenset({Role.TRADEOFF}),
            cue=Cue(
                r"\b(i lose|we lose|what i lose|gave up|give up|isn't free|not free|it costs|costs "
                r"(me|us|two|a)|rebuilding costs|slower than|worse but|the price|the catch"
                r"|downside|eats (about|up|into)?|i accept|we accept|i'd (always )?pay|for that)\b"
            ),
        ),
        Aspect("a reason", marks=frozenset({Mark.REASON})),
        Aspect(
            "when the choice would change",
            cue=Cue(
                r"\b(if|once|unless|until|when|above|below|under|over)\b.{0,60}\b(switch\w*|change[sd]?"
                r"|try|drops?|go(es)? (back|to)|move|stops?|take|reconsider|start|halve|pauses?"
                r"|would|i'd|we'd)\b|^if (it|that|they|this) (is|are|does|do|was)( not|n't)\b"
                r"|\bonly if\b|\bchange my mind\b|\bnot worth\b"
            ),
        ),
    ),
    "production ownership": (
        Aspect(
            "how it fails",
            frozenset({Role.FAILURE_MODE}),
            cue=Cue(
                r"\b(fails?|failure|breaks?|goes (down|wrong|stale|dark)|worst|the risk is|my worry"
                r"|what (scares|worries|bites)|doesn't cover|outage|attack|dries up|dry up)\b"
            ),
        ),
        Aspect("how that is noticed", cue=Cue(_WATCHED)),
        Aspect(
            "the way back",
            cue=Cue(
                r"\b(roll(s|ed|ing)? ?-?back|fall(s|ing)? ?-?back|fallback|revert\w*|kill switch"
                r"|old (model|rules?|version|pipeline)|switch(es)? (back|off|over)"
                r"|go(es)? back to|shadow|canary|pauses?|drops? (out|to)|stays? warm|degrad\w+"
                r"|turn(s|ed)? (it )?off|cached?|default to|block(s|ed)? the)\b"
            ),
        ),
        Aspect(
            "a trigger in numbers",
            frozenset({Role.FAILURE_MODE}),
            cue=Cue(_WATCHED),
            number=True,
        ),
    ),
}  # fmt: skip
"""Four things for each dimension, so that a score is how many of them were heard."""

DIMENSION_OF: dict[str, str] = {
    Weakness.IGNORES_CONSTRAINT: "framing",
    Weakness.MISSING_ASSUMPTION: "framing",
    Weakness.TEXTBOOK_DEFINITION: "framing",
    Weakness.RAMBLING: "framing",
    Weakness.CONTRADICTION: "framing",
    Weakness.CAUSAL_GAP: "data scepticism",
    Weakness.OVERCLAIM: "data scepticism",
    Weakness.MISCONCEPTION: "data scepticism",
    Weakness.NO_METRIC: "metric-business link",
    Weakness.NO_BUSINESS_COST: "metric-business link",
    Weakness.VAGUE_QUANTIFIER: "metric-business link",
    Weakness.MISSING_TRADEOFF: "trade-off reasoning",
    Weakness.NO_ALTERNATIVE: "trade-off reasoning",
    Weakness.UNJUSTIFIED_CHOICE: "trade-off reasoning",
    Weakness.NAME_DROPPING: "trade-off reasoning",
    Weakness.NO_FAILURE_MODE: "production ownership",
}
"""The dimension that an open weakness of each kind counts against."""

FILLED_BY: dict[str, frozenset[str]] = {
    Weakness.MISSING_ASSUMPTION: frozenset({"an assumption"}),
    Weakness.NO_METRIC: frozenset({"a number on it"}),
    Weakness.NO_BUSINESS_COST: frozenset({"what a mistake costs"}),
    Weakness.MISSING_TRADEOFF: frozenset({"what is given up"}),
    Weakness.NO_ALTERNATIVE: frozenset({"an alternative"}),
    Weakness.NO_FAILURE_MODE: frozenset({"how it fails", "how that is noticed", "the way back"}),
}
"""Aspects that a reply to a probe of each kind fills the gap with, beside the ladder's cues."""
