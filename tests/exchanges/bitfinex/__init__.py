"""Tests of wscli/exchanges/bitfinex."""
