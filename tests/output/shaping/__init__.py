"""Tests of wscli/output/shaping."""
