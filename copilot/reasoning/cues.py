"""Surface cues of spoken arguments: what people say when they decide, weigh, measure, hedge.

Cues are matched on clauses as normalised words joined by single spaces. Patterns are compiled at
their first use, so that importing costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property

from copilot.reasoning.types import Role


class Cue:
    """A regular expression that is compiled when it is first needed."""

    def __init__(self, source: str) -> None:
        self.source = source

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.source)

    def search(self, spoken: str) -> re.Match[str] | None:
        """The first match in `spoken`."""
        return self._compiled.search(spoken)

    def match(self, spoken: str) -> re.Match[str] | None:
        """A match at the start of `spoken`."""
        return self._compiled.match(spoken)

    def finditer(self, spoken: str) -> Iterator[re.Match[str]]:
        """All matches in `spoken`."""
        return self._compiled.finditer(spoken)


class Mark(StrEnum):
    """What a clause shows that is no argumentative move by itself."""

    REASON = "reason"
    HEDGE = "hedge"
    ABSOLUTE = "absolute"
    VAGUE = "vague"
    GAIN = "gain"
    NUMBER = "number"
    CAUSAL = "causal"


_ROLE_SOURCES: dict[Role, str] = {
    Role.DECISION: (
        r"\b(i|we)('d| would|'ll| will| just| simply|d|ll)* "
        r"(go (with|for)|choose|chose|pick(ed)?|use[ds]?|take|took|train(ed)?|build|built|deploy|"
        r"set(tled)?|keep|kept|start(ed)? (with|from)|went (with|for)|retrain|run|ran|put"
        r"|move[ds]?|"
        r"serve|split|decide[ds]?|switch(ed)?|ship(ped)?|replace[ds]?|report)\b"
        r"|\bso it('s| is) (a|the)\b|\bmy (choice|pick|cut|threshold|plan|answer)\b"
    ),
    Role.ASSUMPTION: (
        r"\bassum\w*|\bas long as\b|\bprovided\b|\bsuppos\w+|\bthis (rests|relies|depends) on\b"
        r"|\b(only )?holds? (if|when|as)\b|\btrust(ing)? that\b|\bif that('s| is) (not|un)"
    ),
    Role.CONSTRAINT: (
        r"\bbudget\b|\blimit(ed)?\b|\bcapacity\b|\bwithin (the )?\w+ (milli)?seconds?\b|\bat most\b"
        r"|\bregulat\w+|\bby law\b|\bnot allowed\b|\bmust (not|fit|stay)\b|\bdeadline\b"
        r"|\bhas to (fit|stay|be under)\b|\bunder \w+ (ms|milliseconds?)\b"
    ),
    Role.ALTERNATIVE: (
        r"\binstead of\b|\brather than\b|\balternativ\w+|\bcompared? (with|to|against)\b|\bversus\b"
        r"|\b(we|i) (also )?(looked at|considered|tried|tested|checked)\b|\bbaseline\b|\bsimpler\b"
        r"|\bother option\b|\bcould (also|have)\b|\bruled out\b|\brejected\b|\bturned down\b"
        r"|\balone (got|gave|gets|was|reached)\b|\b(we|i) (thought|looked) about\b"
    ),
    Role.TRADEOFF: (
        r"\btrade ?-?off\b|\bgive up\b|\bgave up\b|\bgiv(e|ing) away\b|\bthe (price|catch"
        r"|downside)\b"
        r"|\bat the (cost|expense|price)\b|\bloses?\b|\blost\b|\bi accept\b|\bwe accept\b"
        r"|\bworth it\b"
        r"|\bit (costs|does cost|means more)\b|\bdrawback\b|\bin exchange\b|\bi('d| would)? pay\b"
        r"|\bslower\b|\bfine by me\b|\bsacrific\w+|\bexpensive\b|\bcosts us\b"
    ),
    Role.METRIC: (
        r"\bprecision\b|\brecall\b|\bf ?-?(1|one)\b|\bau(c|roc)\b|\ba u (c|rock?)\b|\bauprc\b"
        r"|\baccuracy\b|\brmse\b|\bmae\b|\bmape\b|\bndcg\b|\blog ?loss\b|\bbrier\b|\bkappa\b"
        r"|\bmetric\b|\bp ?-?(99|95|50|ninety)\b|\bpercentile\b|\berror rate\b|\bhit rate\b"
        r"|\bconversion\b|\bretention\b|\bcalibrat\w+|\bmeasure[ds]?\b|\blatency\b|\bpsi\b"
    ),
    Role.COST: (
        r"\b(dollars?|euros?|pounds?|bucks|money|revenue|salary|cents?)\b|\bcosts?\b|\bexpensive\b"
        r"|\bmargin\b|\brefunds?\b|\bfines?\b|\bpenalt\w+|\bchurn\b|\bminutes of (work|salary"
        r"|time)\b"
        r"|\bworth (about|around|roughly)\b|\b\w+ to one\b"
    ),
    Role.FAILURE_MODE: (
        r"\bfall(s|ing)? ?-?back\b|\bfallback\b|\broll(s|ed|ing)? ?-?back\b|\bif (it|the|that"
        r"|this|a|an|"
        r"any|we|they)\b.{0,40}\b(fail|dies?|down|break|drop|miss|time|late|stale|wrong|empty"
        r"|above|"
        r"below|over|under|exceed|lag|dead|rise|fall)\w*|\balarm|\balert|\bpages? (us|the|somebody|"
        r"someone)\b|\bkill switch\b|\bshadow\b|\bcanary\b|\bcircuit\b|\btimeout|\bdegrad\w+"
        r"|\brevert|\bgo(es|ing)? back to\b|\bswitch(es)? (it)?self off\b|\bold (model"
        r"|rules?)\b.{0,20}"
        r"\b(stays?|takes?)\b|\bwhen (it|the|that|this).{0,30}(fails?|dies|breaks?|down)\b"
    ),
    Role.EVIDENCE: (
        r"\bbacktest|\bback test|\bhold ?-?out|\bheld out\b|\bin (a|the|our) (pilot|test"
        r"|experiment|"
        r"trial|backtest)\b|\b(went|moved|dropped|rose|fell|improved|came out|gave|got|reached|"
        r"measured|obtained?)\b.{0,40}\b(from|to|at|by)\b|\bon (the )?(last|later) \w+ (months?"
        r"|weeks?)"
        r"|\bwe (found|saw|measured)\b|\ba b test\b|\bsampled?\b.{0,20}\bby hand\b"
    ),
    Role.DEFINITION: (
        r"\b(is|are) (defined|when|where|called|known as|the (fraction|share|ratio|process"
        r"|proportion|"
        r"situation|case|practice|study|technique|harmonic))\b|\bmeans that\b|\brefers to\b"
        r"|\bis a (technique|method|type|kind|measure|metric|process|way|concept|family)\b"
        r"|\bby definition\b|\bstands for\b|\bthere (are|is) (two|three|four|several) (kinds"
        r"|types)\b"
    ),
    Role.CONCLUSION: (
        r"^(and )?(so|therefore|thus|hence|which means|that means|that's why|thats why)\b"
        r"|\bso (the|that|it|i|we|this|yeah)\b.{0,20}\b(is|are|means|works?|shows?|proves?"
        r"|tells?)\b"
    ),
}

_MARK_SOURCES: dict[Mark, str] = {
    Mark.REASON: (
        r"\bbecause\b|\bsince\b|\bcause\b|\bthe reason\b|\bso that\b|\bdue to\b|\bgiven that\b"
        r"|\bwhich (lets|gives|means|keeps|avoids)\b|\bin order to\b"
    ),
    Mark.HEDGE: (
        r"\bmaybe\b|\bprobably\b|\bperhaps\b|\bi (think|guess|believe|suppose)\b|\bmight\b"
        r"|\broughly\b"
        r"|\bsomehow\b|\bkind of\b|\bsort of\b|\bit depends\b"
    ),
    Mark.ABSOLUTE: (
        r"\balways\b|\bnever\b|\bevery(one|body|thing| single)?\b|\ball (the )?\b|\bnothing\b"
        r"|\bnone\b"
        r"|\bcan ?not\b|\bcan'?t\b|\bimpossible\b|\bguarante\w+|\bprove[ns]?\b|\bdefinitely\b"
        r"|\bzero\b"
        r"|\bany(one|body|thing|where)?\b|\bno (risk|way|doubt|longer|more|one|need|leak\w*)\b"
        r"|\b(hundred|100) ?percent\b|\bsimply\b|\bsolved\b|\bbulletproof\b|\bsafe\b"
        r"|\bwithout exception\b"
        r"|\bfor sure\b|\bcertain(ly)?\b|\bwhatever\b|\bany\b|\bwon'?t\b"
    ),
    Mark.VAGUE: (
        r"\bquite a (bit|few|lot)\b|\ba (lot|bit|fair (bit|amount)|good (bit|deal|chunk)|handful"
        r"|while|"
        r"little|few)\b|\blots\b|\bsome (amount|of)\b|\bseveral\b|\bmany\b|\benough\b|\bfairly\b"
        r"|\bpretty "
        r"(much|big|high|low|large|often|bad)\b|\breally (off|bad|high|low|big|old)\b"
        r"|\btoo (much|high|"
        r"many|old|far|low|big|long)\b|\bsignificant\w*|\bnoticeabl\w+|\bdecent\b|\breasonabl\w+"
        r"|\bclearly\b|\bmost(ly)?\b|\boften\b|\brarely\b|\bsubstantial\w*|\bfar (away|off)\b"
        r"|\bgets? (bad|high|low|big|ugly|old)\b|\bmore or less\b|\bregularly\b"
        r"|\bfrom time to time\b"
    ),
    Mark.GAIN: (
        r"\bbetter\b|\bimprov\w+|\bfaster\b|\bcheaper\b|\bsharper\b|\bcleaner\b|\bstronger\b"
        r"|\bfresher\b"
        r"|\bwins?\b|\bhealthier\b|\bhappier\b|\bgains?\b|\bsuperior\b|\bnicer\b|\bsmoother\b"
        r"|\bmore "
        r"(accurate|stable|robust|relevant|current|precise|useful)\b|\bhelps? a lot\b|\bpays? off\b"
    ),
    Mark.CAUSAL: (
        r"\bso (the|it|that|this|we|i|our|they|people)\b|\bwhich (means|shows|proves|tells)\b"
        r"|\b(is|was|are) what('s| is| makes| made| raised| drove)\b|\bcaus(e|ed|es|ing)\b"
        r"|\btherefore\b"
        r"|\bthat('s| is|s) (the|why|what|due)\b|\bthanks to\b|\bmakes? (people|them|us|users)\b"
        r"|\bdue to\b|\bprevented\b|\bbrought\b"
    ),
}
ROLE_CUES = {role: Cue(source) for role, source in _ROLE_SOURCES.items()}
"""What betrays each argumentative move."""
MARK_CUES = {mark: Cue(source) for mark, source in _MARK_SOURCES.items()}
"""What betrays each mark."""
