"""Bitfinex, WebSocket API v1.1."""
