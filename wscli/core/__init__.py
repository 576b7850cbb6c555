"""The vocabulary: commands, events, state, JSON that keeps its digits, secrets, errors, the contract of an exchange. No I/O."""
