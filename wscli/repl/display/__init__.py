"""How messages get from an open exchange to the terminal, to files and to commands."""
