"""Tests of wscli/storage/recording."""
