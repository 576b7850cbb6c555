"""Bybit, WebSocket API v5."""
