"""Training of the mind, the small language model that finds the weak span (`train_mind.py`)."""
