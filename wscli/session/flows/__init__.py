"""What takes several messages, as flows that read from top to bottom: connect, log in, subscribe, come back, be replaced, ask."""
