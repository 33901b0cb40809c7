"""Finds the eSpeak NG library that pyttsx3 uses on Linux and prepares this process for it.

The package `espeakng-loader` carries the library and its data, so that no system package is
needed. Without that package pyttsx3 looks for the system's library by itself.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path


def bundled() -> bool:
    """Whether `espeakng-loader` is installed and of use here (Linux only)."""
    return sys.platform == "linux" and importlib.util.find_spec("espeakng_loader") is not None


def prepare() -> None:
    """Load the bundled library for pyttsx3, where there is one. Only for a worker process.

    It changes the working folder: eSpeak keeps the path of its data in a buffer of 160 bytes and
    ends the whole process when a long path did not fit, so it gets the relative path `.`.
    Must run before pyttsx3 is imported. A damaged package is passed over for the system's library.
    """
    if not bundled():
        return
    import espeakng_loader

    try:
        data = Path(espeakng_loader.get_data_path())
        # RTLD_GLOBAL and the same soname: pyttsx3's own lookup then finds this copy.
        ctypes.CDLL(str(espeakng_loader.get_library_path()), mode=ctypes.RTLD_GLOBAL)
    except (OSError, RuntimeError):
        return
    os.chdir(data.parent)
    os.environ["ESPEAK_DATA_PATH"] = "."
