"""Tests of wscli/repl."""
