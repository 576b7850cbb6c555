"""Bitfinex, WebSocket API v1.1, as the simulator offers it."""
