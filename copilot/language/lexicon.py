"""Closed word lists of spoken English that more than one part needs."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set: keeps long lists readable in the source."""
    return frozenset(words.split())


FILLED_PAUSES = frozenset(
    {"um", "uh", "uhm", "umm", "uhh", "er", "erm", "ah", "hm", "hmm", "mm", "mhm"}
)
"""Vocalised hesitation: what is counted as a filler."""

DISCOURSE_FILLERS = ("you know", "i mean", "sort of", "kind of", "like", "basically", "actually")
"""Words that fill, reported apart from filled pauses; `like` only where it is no verb."""

STOPWORDS = word_set(
    "a about above after again all also am an and any are as at be because been before being "
    "below between both but by can can't cannot could did didn't do does doesn't doing don't "
    "down each either else even ever every few for from further get gets getting go goes going "
    "gonna got had has have having he her here hers him his how i i'd i'll i'm i've if in into "
    "is isn't it it's its itself just kind let let's like lot me more most much my myself no "
    "nor not now of off ok okay on once only onto or other our ours out over own perhaps quite "
    "rather really right same say she should so some something sort still such than that that's "
    "thats the their theirs them then there there's theres these they they're thing things this "
    "those though through to too under until up upon us very was wasn't we we'd we'll we're "
    "we've well were what what's when where whether which while who whom whose why will with "
    "within without won't would wouldn't yeah yes yet you you'd you'll you're your yours one "
    "ones maybe actually basically honestly mean means know think guess um uh uhm umm er erm ah "
    "hm hmm mm oh"
)
"""Function words and discourse words of speech: they carry no topic."""
