"""DigiFinex: its dialect, catalogue and simulated exchange."""
