"""The debrief as a file: HTML or Markdown, made from the log alone."""
