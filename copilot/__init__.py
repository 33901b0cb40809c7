"""A spoken machine-learning interviewer that probes the weakest point of an answer."""

import os

__version__ = "0.1.0"

# onnxruntime (from 1.32 on) otherwise reports its use to its maker and keeps a device id in the
# home folder; huggingface_hub names its caller to the hub. Read when those libraries are loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
