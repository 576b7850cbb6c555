"""Tests of the simulated Bybit v5."""
