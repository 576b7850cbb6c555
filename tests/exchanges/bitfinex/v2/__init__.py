"""Tests of wscli/exchanges/bitfinex/v2."""
