"""Tests of wscli/exchanges."""
