"""Conditions on rows and messages: the grammar, the tree that it makes, and what the catalogue knows about the words in it."""
