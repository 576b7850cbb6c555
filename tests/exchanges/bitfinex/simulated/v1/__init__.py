"""Tests of the simulated Bitfinex v1.1."""
