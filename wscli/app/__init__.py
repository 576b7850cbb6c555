"""Use cases that combine the packages below."""
