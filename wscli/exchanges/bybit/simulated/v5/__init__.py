"""Bybit, WebSocket API v5, as the simulator offers it."""
