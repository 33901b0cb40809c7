"""Clarity of spoken answers: ten dimensions, live and afterwards, by the contract of CLARITY.md."""

from copilot.core.clarity.answer import Answer, MeterSettings
from copilot.core.clarity.bands import CUES, DIMENSIONS
from copilot.core.clarity.blocks import Blocks, speech_spans
from copilot.core.clarity.fillers import find_filled_pauses
from copilot.core.clarity.measures import heard_answer, measure, measure_recording
from copilot.core.clarity.meter import ClarityMeter

__all__ = [
    "CUES",
    "DIMENSIONS",
    "Answer",
    "Blocks",
    "ClarityMeter",
    "MeterSettings",
    "find_filled_pauses",
    "heard_answer",
    "measure",
    "measure_recording",
    "speech_spans",
]
