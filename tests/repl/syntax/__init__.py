"""Tests of wscli/repl/syntax."""
