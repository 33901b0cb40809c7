"""Closed word lists of spoken English that more than one part needs."""

from __future__ import annotations

FILLED_PAUSES = frozenset({"um", "uh", "uhm", "umm", "uhh", "er", "erm", "ah", "hm", "hmm", "mm", "mhm"})
"""Vocalised hesitation: what is counted as a filler."""

DISCOURSE_FILLERS = ("you know", "i mean", "sort of", "kind of", "like", "basically", "actually")
"""Words that fill, reported apart from filled pauses; `like` only where it is no verb."""
