"""What an exchange allows on one connection, and what is done about more."""
