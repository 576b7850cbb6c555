"""The command line: click, flags, front ends."""
