"""Hidden-fault investigations: evidence is revealed only when it is asked for in speech.

Pure except for `loading`: scenarios come in as values, words come in as text, outcomes go out.
"""
