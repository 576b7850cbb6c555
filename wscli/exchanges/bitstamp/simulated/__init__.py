"""The simulated Bitstamp: a second reading of the same documents, independent of the dialect."""
