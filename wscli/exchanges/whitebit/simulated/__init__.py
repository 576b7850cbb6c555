"""WhiteBIT as the simulator offers it: a second reading of the same documents, which knows nothing of the dialect."""
