"""Tests of wscli/books."""
