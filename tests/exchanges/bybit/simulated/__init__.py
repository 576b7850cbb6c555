"""Tests of the simulated Bybit: what both versions of the API share."""
