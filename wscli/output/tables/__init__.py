"""The table of a stream: rows come one after another, and its columns must fit those that are still to come. No I/O."""
