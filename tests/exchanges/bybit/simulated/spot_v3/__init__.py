"""Tests of the simulated Bybit spot v3."""
