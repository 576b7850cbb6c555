"""Tests of wscli/cli/connecting."""
