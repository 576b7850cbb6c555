"""Bitfinex, WebSocket API v2."""
