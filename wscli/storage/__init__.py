"""The user's own files: configuration, credentials, favourites, cached symbols, recordings."""
