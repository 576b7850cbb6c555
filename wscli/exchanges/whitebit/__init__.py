"""WhiteBIT: its dialect, catalogue and simulated exchange."""
