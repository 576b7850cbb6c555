"""What each line at the prompt does."""
