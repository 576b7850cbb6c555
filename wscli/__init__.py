"""wscli: an interactive command line for exploring exchange WebSockets."""

__version__ = "0.2.0"
