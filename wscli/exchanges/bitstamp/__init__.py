"""Bitstamp: its dialect, catalogue and simulated exchange."""
