"""The mind: a small language model, shipped with the program, that finds the weak span."""
