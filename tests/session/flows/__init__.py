"""Tests of wscli/session/flows."""
