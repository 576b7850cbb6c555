"""Tests of wscli/exchanges/bybit/v5."""
