"""Weak claims: unmeasured, vague, unspoken, too certain, not following, or false."""

from __future__ import annotations

from copilot.reasoning.argument import Argument
from copilot.reasoning.cues import Cue, Mark
from copilot.reasoning.proposals import Proposal, at_clause
from copilot.reasoning.types import Role, Weakness

_FELT = Cue(
    r"\b(feels?|felt|looks?|looked|seems?|seemed|trusts? it|happier|clearly|visibly|noticeably|"
    r"everyone (says|agrees)|they say|people (say|like)|much|far|way|a lot)\b"
)
_DECIDING = Cue(
    r"\b(if|when|once|until|unless|threshold|retrain|alert|act|drop|switch|roll|stop|enough|too)\b"
)
_STRONG = Cue(
    r"\b(guarante\w+|impossible|never|always|cannot|can ?not|can'?t|no way|solved|proves?|proof"
    r"|every "
    r"(single|possible)|without exception|bulletproof|any (attack|case|customer|market|language"
    r"|data|"
    r"site|user|input|domain)|will (hold|work|carry|transfer|generali[sz]e)|nothing (can|from|is"
    r"|will|"
    r"gets)|no longer (possible|an issue|a problem)|for (ever|good)|hundred percent|zero (risk"
    r"|leak\w*|"
    r"errors?)|is (settled|closed|done with))\b"
)
_OWN_RULE = Cue(r"(so |and |but )*(i|we) (never|always|cannot|can't|do not|don't)\b")
_CAUSE_CLAIM = Cue(
    r"\b(so (it|the|that|this|our|we|i'd say|clearly)\b.*\b(works?|did|caused?|made|makes|cut"
    r"|lifts?|"
    r"lifted|raised|reduced?|saved?|prevented?|brought|helps?|due|because|cause|drives?|drove"
    r"|what)|"
    r"which (means|shows|proves)|so clearly|thanks to|is what('s| is)?|that'?s (the|what) "
    r"(effect|did it|cause)|it (is|was) the .* that|must (be|have been))\b"
)
_OBSERVED = Cue(
    r"\b(people|users?|customers?|those|patients?|clients?|sites?|stores?|teams?|drivers?) (who"
    r"|that|"
    r"with|which)\b|\b(correlat\w+|opt(ed)? in|volunteer\w*|chose|after (we|the) (launch|switch|"
    r"change|release|rollout)|since (we|the) (launch|switch|change|release)|dropped|went (up"
    r"|down)|rose|"
    r"fell)\b"
)
_SILENT = Cue(
    r"\b(goes? in as|count(s|ed)? as|treat(s|ed)?( it| them)? as|we put it as|label(l?ed)? as"
    r"|so (it|"
    r"they|that) (is|are|must be)|tells? you|means? (the|that|they|it)|same (as|distribution"
    r"|thing)|"
    r"represent\w*|(nobody|no one|did not|didn't|hasn't|have not|haven't|never) .{0,30}(is|are"
    r"|as|so) )\b"
)

_MISCONCEPTIONS: tuple[tuple[Cue, str], ...] = tuple(
    (Cue(pattern), why)
    for pattern, why in (
        (r"\b(smote|over ?sampl\w*|up-? ?sampl\w*|synthetic|fifty-? ?fifty"
         r"|balanc\w+)\b.{0,120}\b(still|"
         r"already|real|true|honest)\b.{0,30}\bprobabilit\w+",
         "Resampling changes the base rate, so the scores are no probabilities until "
         "recalibrated."),
        (r"\b(auc|auroc|a u c|roc)\b.{0,120}\b(so|means)\b.{0,60}\b(calibrat\w+|probabilit\w+|true "
         r"\w+ percent)",
         "Area under the curve measures ranking; it says nothing about calibration."),
        (r"\b(smote|over ?sampl\w*|synthetic|augment\w*)\b.{0,80}\bbefore (the|any|we) split",
         "Copies or interpolations made before the split put test information into training."),
        (r"\bbefore (the|any) split\b.{0,80}\b(smote|over ?sampl\w*|synthetic|interpolat\w*"
         r"|augment\w*)",
         "Copies or interpolations made before the split put test information into training."),
        (r"\bbest of\b.{0,60}\b(cross|folds?|valid\w+)\b.{0,60}\bunbiased",
         "The maximum of many validation scores is biased upward."),
        (r"\bcross ?-?validat\w+\b.{0,80}\b(so|means)\b.{0,40}\b(can'?t|cannot|no|never)\b.{0,20}"
         r"\b(overfit\w*|leak\w*|bias\w*)",
         "Cross-validation does not rule out leakage or selection effects."),
        (r"\bp ?-?value\b.{0,60}\b(probability|chance)\b.{0,40}\b(null|true|wrong|hypothesis)",
         "A p-value is not the probability that a hypothesis is true."),
        (r"\bnot significant\b.{0,60}\b(so|means)\b.{0,30}\b(no effect|the same|no difference"
         r"|equal)",
         "No significance is not evidence of no effect."),
        (r"\b(smaller|lower)\b.{0,20}\b(learning rate|steps?)\b.{0,60}\bmore complex",
         "A smaller learning rate does not make single trees more complex."),
        (r"\bself-? ?supervised\b.{0,80}\b(no labels?)\b.{0,60}\b(can'?t|cannot|no)\b.{0,15}\bleak",
         "Text or images seen in pretraining can leak without labels."),
        (r"\b(dropping|drop|dropped|remove[ds]?|without|not use|don't use)\b.{0,40}\b(race"
         r"|gender|sex|age|"
         r"ethnicity|postcode|protected)\b.{0,80}\b(so|means)\b.{0,40}\b(fair|can'?t|cannot"
         r"|no bias|"
         r"unbiased)",
         "Leaving an attribute out does not remove its proxies."),
        (r"\b(shap|feature importance|importance)\b.{0,80}\b(causes?|causal|effect of"
         r"|if you (raise|"
         r"change|lower))",
         "Attribution describes the model, not what causes the outcome."),
        (r"\btrees?\b.{0,60}\b(extrapolat\w+)\b.{0,40}\b(fine|well|beyond|outside)",
         "Tree models cannot extrapolate beyond the training range."),
        (r"\b(copies|rotat\w+|augment\w*)\b.{0,100}\b(error bar|interval"
         r"|uncertainty)\b.{0,60}\b(down|"
         r"shrink\w*|under|smaller|tighter)",
         "Copies of the same cases are not independent evidence."),
    )
)  # fmt: skip


def no_metric(argument: Argument) -> list[Proposal]:
    """An improvement is claimed from impression, with no number in or beside the clause."""
    found = []
    for i, reading in enumerate(argument.readings):
        if Mark.GAIN not in reading.marks or not _FELT.search(reading.spoken):
            continue
        near = argument.readings[max(0, i - 1) : i + 2]
        if not any(Mark.NUMBER in r.marks or Role.METRIC in r.roles for r in near):
            found.append(at_clause(argument, i, Weakness.NO_METRIC, 0.45))
    return found


def vague_quantifier(argument: Argument) -> list[Proposal]:
    """An amount that decides something is left without a number."""
    return [
        at_clause(
            argument,
            i,
            Weakness.VAGUE_QUANTIFIER,
            0.4 if _DECIDING.search(reading.spoken) else 0.15,
        )
        for i, reading in enumerate(argument.readings)
        if Mark.VAGUE in reading.marks and Mark.NUMBER not in reading.marks
    ]


def missing_assumption(argument: Argument) -> list[Proposal]:
    """One thing is taken as a sign of another, and no assumption is spoken anywhere."""
    if argument.has(Role.ASSUMPTION):
        return []
    return [
        at_clause(argument, i, Weakness.MISSING_ASSUMPTION, 0.3)
        for i, reading in enumerate(argument.readings)
        if _SILENT.search(reading.spoken)
    ]


def overclaim(argument: Argument) -> list[Proposal]:
    """A guarantee or a universal claim that is no rule of the plan itself ("we never train on")."""
    found = []
    for i, reading in enumerate(argument.readings):
        plan = _OWN_RULE.match(reading.spoken)
        if _STRONG.search(reading.spoken) and not plan:
            late = i >= len(argument.readings) // 2
            found.append(at_clause(argument, i, Weakness.OVERCLAIM, 0.45 if late else 0.3))
    return found


def causal_gap(argument: Argument) -> list[Proposal]:
    """A causal conclusion that follows on an observed difference."""
    found = []
    for i, reading in enumerate(argument.readings):
        if not _CAUSE_CLAIM.search(reading.spoken):
            continue
        before = argument.readings[max(0, i - 2) : i + 1]
        if any(_OBSERVED.search(r.spoken) for r in before):
            found.append(at_clause(argument, i, Weakness.CAUSAL_GAP, 0.4))
    return found


def misconception(argument: Argument) -> list[Proposal]:
    """Statements that are known to be false, matched across neighbouring clauses."""
    found = []
    for i in range(len(argument.readings)):
        near = argument.readings[i : i + 3]
        spoken = " ".join(r.spoken for r in near)
        for pattern, why in _MISCONCEPTIONS:
            match = pattern.search(spoken)
            if match and match.start() < len(near[0].spoken):
                last = _clause_of(match.end() - 1, [len(r.spoken) for r in near])
                found.append(at_clause(argument, i + last, Weakness.MISCONCEPTION, 0.75, why=why))
    return found


def _clause_of(place: int, lengths: list[int]) -> int:
    """Which of consecutive clauses, joined by single spaces, holds the character at `place`."""
    for number, length in enumerate(lengths):
        if place < length:
            return number
        place -= length + 1
    return len(lengths) - 1
