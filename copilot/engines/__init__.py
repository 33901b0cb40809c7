"""Adapters to models behind small protocols; each loads its library lazily."""
