"""The verbs of the prompt about what is watched: what is shown, and what is done when a row matches. Nothing is sent."""
