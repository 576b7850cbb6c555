"""The simulator: one seeded market, served in the protocols of simulated exchanges on one loopback port.

Of the rest of wscli it imports only the errors and the spelling of faults, so that two readings of the same documents, the
simulated exchange and the dialect, check each other.
"""
