"""Parts of `build_sphinx_model.py`: reading, training and mixing n-gram models."""
