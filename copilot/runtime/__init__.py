"""Drivers around the pure session: sequencing, jobs, the store, virtual time and replay."""
