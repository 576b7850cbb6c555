"""The verb `connect`: its flags, what it sends, and the line at the bottom of a terminal."""
