"""Tests of `wscli.output`: rows, filters, formats, terminals."""
