"""A spoken machine-learning interviewer that probes the weakest point of an answer."""

__version__ = "0.1.0"
