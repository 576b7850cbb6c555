"""The configuration in use: what it adds to the flags, how it is listed, and how the file is made, edited and changed."""
