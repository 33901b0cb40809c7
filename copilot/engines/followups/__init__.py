"""Follow-up engines: `offline` (rules and a small model in pure Python) and `llm`."""
