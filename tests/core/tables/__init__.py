"""Tests of wscli/core/tables."""
