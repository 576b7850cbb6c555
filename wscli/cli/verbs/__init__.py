"""The verbs of the shell: what each does once its words and flags are read."""
