"""Order books: kept, verified, drawn."""
