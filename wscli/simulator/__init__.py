"""The offline venues: one seeded market, five dialects spoken by the book, one loopback port.

It imports nothing of ours but `wscli.core.errors`, so that two readings of the same documents check each other.
"""
