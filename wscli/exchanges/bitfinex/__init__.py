"""Bitfinex: its dialects, catalogues and simulated exchange."""
