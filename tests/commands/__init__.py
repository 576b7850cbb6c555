"""Tests of wscli/commands."""
