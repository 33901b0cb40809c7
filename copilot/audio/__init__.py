"""Sound in and out: files, recordings, features of blocks, devices. Knows no engine."""
