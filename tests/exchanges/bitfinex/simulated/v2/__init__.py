"""Tests of the simulated Bitfinex v2."""
