"""Bybit spot, WebSocket API v3, as the simulator offers it."""
