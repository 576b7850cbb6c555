"""Tests of wscli/session."""
