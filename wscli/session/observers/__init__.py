"""Who observes a client: the printer of a stream, the recorder, the notices on single messages."""
