"""Bitfinex, WebSocket API v2, as the simulator offers it."""
