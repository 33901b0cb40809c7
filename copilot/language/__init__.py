"""Spoken English as text: words, fillers, markers, clauses. Pure, shared by core and reasoning."""
