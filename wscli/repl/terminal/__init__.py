"""The prompt's terminal: the only part that knows prompt_toolkit."""
