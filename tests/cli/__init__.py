"""Tests of wscli/cli."""
