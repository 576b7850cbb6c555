"""Bybit spot, WebSocket API v3."""
