"""Tests of wscli/transport."""
