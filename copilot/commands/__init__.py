"""One module a group of commands: each calls `wiring` and prints."""
