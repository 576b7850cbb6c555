"""The colours of everything wscli shows: one map of token types, and the Pygments styles that may stand in its place."""
