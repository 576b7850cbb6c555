"""Tests of the simulator: the market, the server, and what simulated exchanges share."""
