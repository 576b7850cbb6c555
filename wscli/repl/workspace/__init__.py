"""What is open at the prompt, and where its messages go."""
