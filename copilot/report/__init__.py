"""The debrief as a file."""
