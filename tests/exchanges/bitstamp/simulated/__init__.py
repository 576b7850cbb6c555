"""Tests of the modules of the simulated Bitstamp."""
