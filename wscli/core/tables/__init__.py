"""Text in columns: how wide a text is on a terminal, and lists whose rows are all known. No I/O."""
