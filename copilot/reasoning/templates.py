"""How the interviewer asks: several wordings a kind, each one question about one point.

`{echo}` is replaced by the candidate's own words as reported speech; `{slot}` by a second phrase
where a kind needs one (the limit of the question, the other half of a contradiction, the vague
amount). Every text keeps the contract with an echo of up to twelve words: see the tests.
"""

from __future__ import annotations

from copilot.reasoning.types import CLARIFY, EXTENSION, Weakness

TEMPLATES: dict[str, tuple[str, ...]] = {
    Weakness.UNJUSTIFIED_CHOICE: (
        "You said {echo}. Why that, rather than the next best option?",
        "You said {echo}. What reason would justify that choice over another?",
        "You mentioned: {echo}. What made you pick that instead of something else?",
        "You said {echo}. What did you compare it with before you chose it?",
    ),
    Weakness.MISSING_TRADEOFF: (
        "You said {echo}. What do you give up for that, in cost, quality or upkeep?",
        "You said {echo}. What price do you pay for that gain?",
        "You mentioned: {echo}. What gets worse or more expensive in return?",
        "You said {echo}. What did you lose by doing it, and how much?",
    ),
    Weakness.MISSING_ASSUMPTION: (
        "You said {echo}. What has to be true for that to hold?",
        "You said {echo}. What are you assuming there, and how would you check it?",
        "You said {echo}. For which cases would that stop being true?",
        "You said {echo}. How do you know that holds for the cases you never see?",
    ),
    Weakness.IGNORES_CONSTRAINT: (
        "You said {echo}, but the question says {slot}. How does that fit?",
        "The question says {slot}. How do you keep to that, when {echo}?",
        "You said {echo}. The question set a limit; how does your plan stay within it?",
        "You mentioned: {echo}. How would you still respect the limit that the question sets?",
    ),
    Weakness.NO_BUSINESS_COST: (
        "You said {echo}. What does a miss cost against a false alarm, in money?",
        "You said {echo}. What does each kind of mistake cost, and would that move the cut?",
        "You mentioned: {echo}. Which wrong decision costs the business more, and by how much?",
        "You said {echo}. How much does one wrong decision of each kind cost?",
    ),
    Weakness.NO_METRIC: (
        "You said {echo}. By which number did you measure that, before against after?",
        "You said {echo}. How did you measure it: which metric, and by how much?",
        "You said {echo}. Which measured number shows that?",
        "You said {echo}. What metric would convince someone who doubts it?",
    ),
    Weakness.VAGUE_QUANTIFIER: (
        "You said {echo}. How much is that in numbers, and at what value would you act?",
        "You mentioned: {echo}. What number is that, and at what threshold do you act?",
        "You said {echo}. Put a number on it: how much, how often or how many?",
        "You said {echo}. Where exactly is the line, as a number?",
    ),
    Weakness.TEXTBOOK_DEFINITION: (
        "You said {echo}. Leaving definitions aside, what would you decide here, for this case?",
        "You explained that {echo}. What would you actually do here first?",
        "You mentioned: {echo}. Beyond the definition, which choice would you make in this case?",
        "You said {echo}. How does that change what you would do in our situation?",
    ),
    Weakness.NO_FAILURE_MODE: (
        "You said {echo}. What happens when that fails, and how would you notice?",
        "You said {echo}. If it goes wrong at night, what detects it and what takes over?",
        "You mentioned: {echo}. How would you detect a bad outcome and roll back?",
        "You said {echo}. Which failure would hurt most, and what is the fallback?",
    ),
    Weakness.CONTRADICTION: (
        "You said {slot}, and also {echo}. How can both hold?",
        "First {slot}, then {echo}. Which of the two is it?",
        "You said {echo}. How does that fit with what you said earlier: {slot}?",
        "You said {echo}. How does that square with the rest of your answer?",
        "You said {echo}. Which part of your answer would you change so that both hold?",
    ),
    Weakness.OVERCLAIM: (
        "You said {echo}. How sure can you be on cases you have not seen?",
        "You said {echo}. What evidence would that claim need, and what have you got?",
        "You said {echo}. How could that still turn out wrong?",
        "You said {echo}. What rate or bound would you really guarantee, from what evidence?",
    ),
    Weakness.MISCONCEPTION: (
        "You said {echo}. Why would that follow, and how would you test it?",
        "You said {echo}. What makes that true: can you walk me through the mechanism?",
        "You said {echo}. When would that be false?",
        "You said {echo}. What does it really tell you, and how would you verify it?",
    ),
    Weakness.CAUSAL_GAP: (
        "You said {echo}. How do you know that was the cause, rather than something else?",
        "You said {echo}. What else differed that could explain it?",
        "You said {echo}. What comparison would separate cause from selection?",
        "You said {echo}. How would you rule out that it would have happened anyway?",
    ),
    Weakness.RAMBLING: (
        "You said {echo}. If you had to pick one thing, which would you do first?",
        "You touched on many things; one was that {echo}. Which single one decides it?",
        "Pick one thing out of that: what would you decide first, and on which signal?",
        "You said {echo}. In one sentence, what is your answer?",
    ),
    Weakness.NO_ALTERNATIVE: (
        "You said {echo}. Which simpler option did you consider instead?",
        "You said {echo}. Before that, how far would a simple baseline or rule get you?",
        "You said {echo}. What else could solve this, and why is it worse?",
        "You said {echo}. What would a cheaper alternative already get you?",
    ),
    Weakness.NAME_DROPPING: (
        "You said {echo}. What problem does each of those tools solve here?",
        "You mentioned: {echo}. Why do you need each one rather than something simpler?",
        "You said {echo}. Which of those could you drop without losing anything?",
        "You said {echo}. What does that stack give you that a plain setup would not?",
    ),
    EXTENSION: (
        "You said {echo}. If traffic grew tenfold next month, what would you change first?",
        "You said {echo}. Suppose labels came thirty days late: what would you do differently?",
        "You said {echo}. If you had half the budget, what would you drop?",
        "You said {echo}. Which assumption there would you test first with one free week?",
        "You said {echo}. Suppose one key data source disappears tomorrow: what would you do?",
        "You said {echo}. Who decides to stop it when it goes wrong, and on what signal?",
    ),
}

BARE: dict[str, tuple[str, ...]] = {
    Weakness.UNJUSTIFIED_CHOICE: ("What is the reason behind your main choice there?",),
    Weakness.MISSING_TRADEOFF: ("What do you give up with that plan?",),
    Weakness.MISSING_ASSUMPTION: ("Which unspoken assumption does your plan rest on most?",),
    Weakness.IGNORES_CONSTRAINT: ("How does your plan stay within the limit in the question?",),
    Weakness.NO_BUSINESS_COST: ("What does each kind of mistake cost the business?",),
    Weakness.NO_METRIC: ("By which number would you show that it worked?",),
    Weakness.VAGUE_QUANTIFIER: ("Can you put a number on that amount?",),
    Weakness.TEXTBOOK_DEFINITION: ("Leaving definitions aside, what would you decide here?",),
    Weakness.NO_FAILURE_MODE: ("What happens to your plan on a bad day?",),
    Weakness.CONTRADICTION: ("Two parts of your answer seem to disagree; which one holds?",),
    Weakness.OVERCLAIM: ("How sure are you of that claim, and from what evidence?",),
    Weakness.MISCONCEPTION: ("What makes that statement true, as you see it?",),
    Weakness.CAUSAL_GAP: ("What else could explain the result you describe?",),
    Weakness.RAMBLING: ("If you had to decide now, what would you do first?",),
    Weakness.NO_ALTERNATIVE: ("What simpler option did you weigh against that?",),
    Weakness.NAME_DROPPING: ("What does each of those tools do for you here?",),
    EXTENSION: ("If traffic grew tenfold, which part of your plan would break first?",
                "Suppose labels came a month late: what would you change?",
                "If you had half the budget, what would you drop from that plan?"),
}  # fmt: skip
"""Used where no words of the answer can be repeated safely."""

CLARIFYING: tuple[str, ...] = (
    "I did not get an answer to that yet. What would you do, in a sentence or two?",
    "Let us go back to the question. Which decision would you make first?",
    "Could you answer that once more, starting with what you would decide?",
    "What is your first step there, and what does it depend on?",
    "Where would you begin, if it were yours to decide tomorrow?",
)

WHY: dict[str, str] = {
    Weakness.UNJUSTIFIED_CHOICE: "Something was picked without a reason of its own.",
    Weakness.MISSING_TRADEOFF: "The gain is spelled out; the price paid for it is not.",
    Weakness.MISSING_ASSUMPTION: "This only works if something unspoken is true.",
    Weakness.IGNORES_CONSTRAINT: "The question set a limit that this plan breaks or walks past.",
    Weakness.NO_BUSINESS_COST: "Errors are counted, but not what each kind of error costs.",
    Weakness.NO_METRIC: "An improvement is claimed without a measure for it.",
    Weakness.VAGUE_QUANTIFIER: "The amount that decides the matter has no number.",
    Weakness.TEXTBOOK_DEFINITION: "Terms are defined where a decision was asked for.",
    Weakness.NO_FAILURE_MODE: "Only the good day is covered: no detection, fallback or rollback.",
    Weakness.CONTRADICTION: "Two statements of the answer cannot both hold.",
    Weakness.OVERCLAIM: "More certainty or scope is claimed than the evidence carries.",
    Weakness.MISCONCEPTION: "A technical statement that the plan leans on is doubtful.",
    Weakness.CAUSAL_GAP: "The conclusion does not follow from the evidence given.",
    Weakness.RAMBLING: "The talk goes on without reaching an answer.",
    Weakness.NO_ALTERNATIVE: "The first idea is the only one; nothing else is weighed.",
    Weakness.NAME_DROPPING: "Tools are named in place of the reason for using them.",
    EXTENSION: "The answer holds so far; a changed constraint shows how far it carries.",
    CLARIFY: "There was too little of an answer to judge.",
}
"""The gap in one sentence for the debrief."""

AGAIN: dict[str, str] = {
    Weakness.UNJUSTIFIED_CHOICE: "Let me ask differently: what speaks for that over the others?",
    Weakness.MISSING_TRADEOFF: "Put another way: what becomes worse because of that decision?",
    Weakness.MISSING_ASSUMPTION: "Put another way: what would break that if it were not so?",
    Weakness.NO_BUSINESS_COST: "Put another way: what does one wrong decision cost, roughly?",
    Weakness.NO_METRIC: "Let me ask differently: which number would change your mind?",
    Weakness.VAGUE_QUANTIFIER: "A rough figure is enough: what number would that be?",
    Weakness.NO_FAILURE_MODE: "Put another way: it breaks at 2 a.m.; what happens next?",
    Weakness.OVERCLAIM: "Put another way: what would have to happen for that to be wrong?",
    Weakness.CAUSAL_GAP: "Put another way: what other explanation can you not exclude?",
    Weakness.NO_ALTERNATIVE: "Let me ask differently: what was your second best idea?",
    Weakness.CONTRADICTION: "Only one of the two can stand: which one do you keep?",
    Weakness.MISCONCEPTION: "Put another way: what would you see if that were false?",
    Weakness.TEXTBOOK_DEFINITION: "Put another way: what would you do here on the first day?",
    Weakness.NAME_DROPPING: "Let me ask differently: which one could you not do without?",
    Weakness.IGNORES_CONSTRAINT: "Let me ask differently: how do you keep to the limit we set?",
    Weakness.RAMBLING: "One sentence is enough: what do you decide?",
}
"""The same point once more, for a question that was dodged."""
