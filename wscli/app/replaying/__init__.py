"""Recordings, shown again or verified."""
