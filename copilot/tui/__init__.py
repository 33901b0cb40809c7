"""The terminal screens. They know `SessionView`, a session port and a `Backend`; nothing else."""
