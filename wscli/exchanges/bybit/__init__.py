"""Bybit: its dialects, catalogues and simulated exchange."""
