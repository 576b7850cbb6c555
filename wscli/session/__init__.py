"""Live connections to one exchange."""
