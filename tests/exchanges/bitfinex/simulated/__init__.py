"""Tests of the simulated Bitfinex: what both versions of the API share."""
