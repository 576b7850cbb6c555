"""Recordings: written, shared, rotated, read."""
