"""Tests of wscli/session/observers."""
