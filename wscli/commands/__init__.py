"""The command language: text in, commands out."""
