"""What streaming recognition costs: our way beside two others, on the same audio in one run."""
