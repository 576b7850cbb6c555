"""Between rows and their format: which columns are shown, how times and numbers are written. No I/O."""
