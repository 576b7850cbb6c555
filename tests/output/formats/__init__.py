"""Tests of wscli/output/formats."""
