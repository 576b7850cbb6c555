"""Alerts: a command that is run, or the bell that rings, when a row meets a condition."""
