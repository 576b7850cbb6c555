"""Tests of wscli/core."""
