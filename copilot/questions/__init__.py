"""The question bank: loading it, checking it, choosing from it."""
