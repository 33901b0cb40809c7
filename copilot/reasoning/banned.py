"""Wordings that no interviewer here ever uses: demeaning, personal, or about protected traits.

Questions about groups of users are part of the trade ("how do you check it by age?"). What is
banned is talk about the candidate: who they are, where they come from, how they sound, how they
feel, and every word that makes them small.
"""

from __future__ import annotations

import re

_DEMEANING = (
    r"stupid\w*", r"dumb", r"idiot\w*", r"moron\w*", r"fool(?:ish)?", r"ridiculous",
    r"(?:that|this|it|what you (?:say|said))(?: is| was|'s) nonsense", r"talking nonsense",
    r"rubbish", r"garbage answer", r"pathetic", r"clueless", r"ignorant", r"lazy", r"silly",
    r"absurd", r"incompetent", r"laughable", r"embarrass\w*", r"shame(?:ful)?", r"ashamed",
    r"worthless", r"useless answer", r"waste (?:of )?(?:my|our) time", r"wasting (?:my|our) time",
    r"hopeless", r"terrible", r"awful", r"horrible", r"disappoint\w*", r"mediocre", r"amateur\w*",
    r"childish", r"joke", r"kidding me", r"bad answer", r"weak answer", r"poor answer",
    r"even a (?:child|junior|student|beginner)", r"any (?:child|junior|student|beginner)",
    r"everybody knows", r"everyone knows", r"how can you not", r"how could you not",
    r"don't you (?:even )?know", r"do you even", r"you (?:clearly|obviously)",
    r"you have no idea", r"you failed", r"you are failing", r"not (?:good|smart|clever) enough",
    r"you people", r"people like you", r"shut up", r"give up already", r"what is wrong with you",
    r"what's wrong with you", r"you should know (?:this|that)", r"you can't be serious",
)  # fmt: skip
_PERSONAL = (
    r"your (?:accent|pronunciation|voice|english|grammar|stutter|stammer|speech|hesitation)\b"
    r"(?! (?:model|models|system|app|data|service|detector|recognizer|recogniser|score|"
    r"vendor|assistant|product|bot|interface))",
    r"your (?:looks?|appearance|face|clothes|body|weight|hair|smile|name(?! to\b))",
    r"your (?:personality|character|attitude|intelligence|talent|nerves|feelings)",
    r"your (?:family|children|kids|husband|wife|partner|parents|pregnancy|marriage)",
    r"your (?:school|university|degree|grades|salary|employer)",
    r"you (?:sound|seem|look|are) (?:nervous|tired|unsure|anxious|confused|slow|upset|afraid|lost)",
    r"are you (?:nervous|tired|anxious|confused|ok|okay|afraid|married|pregnant|lost)",
    r"calm down", r"relax", r"speak (?:properly|better|clearly|louder)", r"mumbl\w*",
    r"native speaker", r"where are you from", r"where do you come from", r"how old are you",
    r"what are you (?:wearing|worth)", r"do you have (?:children|kids|a family)",
)  # fmt: skip
_TRAITS = (
    r"(?:your|you are|you're|as an?|being an?|for an?) (?:own )?"
    r"(?:age|race|gender|sex|sexuality|religion|faith|skin|nationality|ethnicity|disability|"
    r"origin|heritage|caste|woman|man|girl|boy|foreigner|immigrant|muslim|christian|jew|hindu|"
    r"black|white|asian|old|young|gay|disabled)(?: person)?(?! (?:group|groups|users|customers))",
    r"(?:sweetheart|honey|darling|buddy|dude|young (?:lady|man)|old man|my dear)",
)

BANNED = re.compile(rf"\b(?:{'|'.join((*_DEMEANING, *_PERSONAL, *_TRAITS))})\b")
"""Matched on lower-case text with plain apostrophes."""


def banned(text: str) -> str | None:
    """The first banned wording in what an interviewer says, or None."""
    found = BANNED.search(text.lower().replace("’", "'"))
    return found.group() if found else None
