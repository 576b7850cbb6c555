"""The verbs of the prompt that watch for rows that match a condition."""
