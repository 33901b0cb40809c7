"""Whisper models: which there are, where they lie, whether they are whole, how to fetch them."""

from copilot.engines.models.catalogue import CATALOGUE, Model, lookup
from copilot.engines.models.check import check_files, check_model
from copilot.engines.models.download import download_model
from copilot.engines.models.local import (
    FETCH_ONE,
    auto_model,
    fetch_again,
    find_model,
    models_folder,
    not_here,
)

__all__ = [
    "CATALOGUE",
    "FETCH_ONE",
    "Model",
    "auto_model",
    "check_files",
    "check_model",
    "download_model",
    "fetch_again",
    "find_model",
    "lookup",
    "models_folder",
    "not_here",
]
