"""The prompt. What is typed is read, completed, coloured and explained by pure functions of (text, Known)."""
