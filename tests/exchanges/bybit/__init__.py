"""Tests of wscli/exchanges/bybit."""
