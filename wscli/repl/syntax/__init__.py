"""What answers typing at the prompt: pure functions of the line and of what is known."""
