"""The candidate's words in the interviewer's mouth: short, clean, with the pronouns turned."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from copilot.language.clauses import clauses
from copilot.language.lexicon import FILLED_PAUSES, word_set
from copilot.language.tokens import Token, tokens
from copilot.reasoning.text import is_content

MAX_ECHO = 12
"""Words: leaves room for a question of eighteen."""
MIN_ECHO = 3
MIN_CONTENT = 2
"""Words that carry meaning: "at the end of the day" says nothing worth repeating."""

_LEADING = FILLED_PAUSES | word_set(
    "so and but or yeah well okay ok right then because cause since oh like honestly basically "
    "actually plus also no yes look now which anyway thus hence therefore just fine alright "
    "sure obviously frankly although though while whereas is are was were"
)
_LEADING_PAIRS = tuple(
    tuple(phrase.split())
    for phrase in ("i mean", "you know", "i think", "i guess", "and so", "i would say", "i'd say",
                   "to be honest", "how to say", "how do i say", "of course", "for me")
)  # fmt: skip
_DROPPED_PAIRS = (("you", "know"), ("i", "mean"), ("how", "do", "i", "say"), ("how", "to", "say"))
_TURNED = {
    "i": "you", "we": "you", "my": "your", "our": "your", "me": "you", "us": "you", "i'm": "you're",
    "im": "you're", "i'd": "you'd", "id": "you'd", "i'll": "you'll", "i've": "you've",
    "ive": "you've", "we're": "you're", "we'd": "you'd", "we'll": "you'll", "we've": "you've",
    "mine": "yours", "ours": "yours", "myself": "yourself", "ourselves": "yourselves",
}  # fmt: skip
_NO_END = word_set(
    "a an the of to in on at by for with from and or but so if when that which because since "
    "than as is are was were be been has have had do does did will would can could should may "
    "might must not no my your our their its this these those i we you they it he she very more "
    "most about into over under between per where how what who why while until before after "
    "then also just only even really quite too each every any some both either all whose like "
    "cannot don't doesn't didn't isn't aren't wasn't won't can't i'd we'd you'd you're we're "
    "they're it's that's there's i'm i've we've compared usually such"
)
_NO_START = frozenset({"of", "to", "in", "on", "at", "by", "for", "with", "from", "the", "a", "and",
                       "is", "are", "or", "that"})  # fmt: skip
_OBJECTS = word_set("it this these those them you")
"""Of `_NO_END`: what a clause may end on."""
_LAST_JOINED = {"and": 5, "or": 5, "but": 5} | dict.fromkeys(
    ("because", "which", "while", "when", "if", "so"), 2
)
"""Words: a stretch of at most so many after a joining word, cut in its middle, is left out."""
_MODALS = word_set("can will would could should might may must")
_SUBJECT_VERBS = _MODALS | word_set(
    "is was has does means makes gives proves shows tells says hurts costs takes helps lets keeps"
)
"""After "which" as the subject of its clause: said alone, it becomes "it"."""
_PREPOSITIONS = word_set(
    "of with over across for from to in on at by into without under between after before during "
    "per compared than like through about against"
)
_TORN_PHRASE = 4
"""Words: a phrase of at most so many behind a preposition, cut before its noun, is left out."""
_SUBJECTS = frozenset({"i", "we", "they", "he", "she", "it", "nobody", "somebody", "there"})
_DETERMINERS = frozenset({"the", "a", "an", "our", "my", "this", "that", "these", "every", "each"})
_TO_SUBJECT, _TO_DETERMINER = 4, 2
"""Words that a stretch may begin earlier, to begin with the subject or the whole noun."""
_NEVER_REPEATED = word_set(
    "sex sexy sexual porn naked nude rape fuck fucking shit bitch ass asshole bastard cock dick"
)
"""Most often misheard, whatever the recogniser's confidence; no interviewer says them back."""
_LEAST_CERTAIN = 0.7
"""Share of a quote's words that must be certain before any of it is repeated. PocketSphinx doubts
14 % of the content words that it hears rightly and 60 % of those that it does not."""
_LONGEST_WORD = 24


def echo(
    quote: str,
    unsure: Collection[str] = (),
    limit: int = MAX_ECHO,
    focus: Collection[str] = (),
) -> str:
    """`quote` as reported speech of at most `limit` words, or "" where too little is left.

    Where it is longer, the start is kept, or else the stretch with the most words of `focus`.

    "so yeah I take the point where F1 peaks" becomes "you take the point where F1 peaks". Words
    that were recognised with doubt end the echo, and nothing is glued together across them: an
    interviewer must not repeat a mishearing. Where many are doubtful, their neighbours are too.
    """
    said = _without_noise(tokens(quote))
    while said and (said[0].norm in _LEADING or _starts(said, _LEADING_PAIRS)):
        if said[0].norm == "which" and len(said) > 1 and said[1].norm in _SUBJECT_VERBS:
            said = [said[0]._replace(norm="it", raw="it"), *said[1:]]
            break
        if said[0].norm == "which" and [t.norm for t in said[3:4]] in (["because"], ["since"]):
            said = said[4:]  # "which I take because ...": its object is not said
            continue
        said = said[max(1, _starts(said, _LEADING_PAIRS)) :]
    said = _with_subject(said)
    runs = _certain(said, unsure)
    if not runs or sum(map(len, runs)) < _LEAST_CERTAIN * len(said):
        return ""
    torn = runs[-1][-1] is not said[-1] or len(runs) > 1
    said = next((run for run in runs if len(run) >= MIN_ECHO), [])
    start, end = _focused(said, limit, focus)
    kept = limit if start else _whole_clauses(quote, said, limit)
    cut: Sequence[Token] = said[start : end if start else kept]
    whole = start + len(cut) == len(said) and not torn
    cut = _without_open_end(cut, whole)
    if not whole and kept == limit:
        cut = _without_torn_end(cut, focus, _goes_on(quote, said, start + len(cut)))
        cut = _without_open_end(cut, whole)
    if len(cut) < MIN_ECHO or sum(is_content(t.norm) for t in cut) < MIN_CONTENT:
        return ""
    return " ".join(_turned(cut))


def _certain(said: Sequence[Token], unsure: Collection[str]) -> list[list[Token]]:
    """The stretches between words that were recognised with doubt or cannot be said."""
    runs: list[list[Token]] = [[]]
    for token in said:
        if token.norm in unsure or not _sayable(token.raw):
            runs.append([])
        else:
            runs[-1].append(token)
    return [run for run in runs if run]


def _focused(said: Sequence[Token], limit: int, focus: Collection[str]) -> tuple[int, int]:
    """Where the stretch of `limit` words with the most words of `focus` starts and ends.

    It starts at 0 where none is in `focus`; else it is the last such stretch, so that what follows
    a number ("two percent") is kept. It begins a few words earlier where its subject or the
    article of its noun stands there, and never with function words that lead nowhere.
    """
    starts = range(max(1, len(said) - limit + 1))
    held = [sum(t.norm in focus for t in said[i : i + limit]) for i in starts]
    if len(said) <= limit or not max(held):
        return 0, limit
    start = max(starts, key=lambda i: (held[i], i))
    end = start + limit
    for back, openers in ((_TO_SUBJECT, _SUBJECTS), (_TO_DETERMINER, _DETERMINERS)):
        opening = [i for i in range(max(0, start - back), start + 1) if said[i].norm in openers]
        if opening:
            return opening[-1], end
    while start and start < len(said) - MIN_ECHO and said[start].norm in _NO_START:
        start += 1
    return start, end


def _whole_clauses(quote: str, said: Sequence[Token], limit: int) -> int:
    """How many of `said` to keep: up to the last clause boundary within `limit`, if any."""
    if len(said) <= limit:
        return limit
    starts = {clause.start for clause in clauses(quote)}
    inner = [i for i in range(MIN_ECHO + 2, limit + 1) if said[i].start in starts]
    return inner[-1] if inner else limit


def _without_open_end(cut: Sequence[Token], whole: bool) -> Sequence[Token]:
    """Without last words that call for another one; "everyone uses it" is whole at its end."""
    while cut and cut[-1].norm in _NO_END and not (whole and cut[-1].norm in _OBJECTS):
        cut = cut[:-1]
    return cut


def _with_subject(said: list[Token]) -> list[Token]:
    """From its first subject on, where it begins with a verb whose own was cut off."""
    if not said or said[0].norm not in _MODALS:
        return said
    return next((said[i:] for i, t in enumerate(said) if t.norm in _SUBJECTS), [])


def _goes_on(quote: str, said: Sequence[Token], place: int) -> bool:
    """Whether the word at `place` likely belongs to the phrase of the word before it."""
    if not 0 < place < len(said):
        return False
    between = quote[said[place - 1].end : said[place].start]
    return not between.strip() and is_content(said[place].norm)


def _without_torn_end(
    cut: Sequence[Token], focus: Collection[str], goes_on: bool
) -> Sequence[Token]:
    """Without the beginning of a further part: "you go back and nobody orders from the new".

    `goes_on`: the next word is likely of the same phrase ("a graph over all your existing").
    """
    if goes_on:
        for i in reversed(range(max(MIN_ECHO + 1, len(cut) - _TORN_PHRASE - 1), len(cut))):
            if cut[i].norm in _PREPOSITIONS and not any(t.norm in focus for t in cut[i:]):
                cut = cut[:i]
                break
    for i in range(MIN_ECHO + 1, len(cut)):
        joined = len(cut) - i - 1 <= _LAST_JOINED.get(cut[i].norm, -1)
        if joined and not any(t.norm in focus for t in cut[i:]):
            return cut[:i]
    return cut


def _without_noise(said: Sequence[Token]) -> list[Token]:
    """Without filled pauses, filling phrases and words said twice in a row."""
    kept: list[Token] = []
    i = 0
    while i < len(said):
        skip = _starts(said[i:], _DROPPED_PAIRS)
        if skip:
            i += skip
            continue
        token = said[i]
        if token.norm not in FILLED_PAUSES and not (kept and kept[-1].norm == token.norm):
            kept.append(token)
        i += 1
    return kept


def _starts(said: Sequence[Token], phrases: Sequence[Sequence[str]]) -> int:
    """Length of the first of `phrases` that `said` starts with; 0 for none."""
    for phrase in phrases:
        if tuple(t.norm for t in said[: len(phrase)]) == tuple(phrase):
            return len(phrase)
    return 0


def _sayable(word: str) -> bool:
    return len(word) <= _LONGEST_WORD and word.isascii() and word.lower() not in _NEVER_REPEATED


def _turned(said: Sequence[Token]) -> list[str]:
    """First person becomes second person; the rest keeps its spelling, lower-cased at the start."""
    turned: list[str] = []
    for i, token in enumerate(said):
        word = _TURNED.get(token.norm)
        before = said[i - 1].norm if i else ""
        if word is None and before == "i":
            word = {"am": "are", "was": "were"}.get(token.norm)
        if word is None:
            plain = token.raw
            starts_sentence = i == 0 and plain[1:].isalpha() and plain[1:].islower()
            word = plain[0].lower() + plain[1:] if starts_sentence else plain
        turned.append(word.replace("’", "'"))
    return turned
