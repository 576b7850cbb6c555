"""Tests of wscli/storage."""
