"""Tests of wscli/output/tables."""
