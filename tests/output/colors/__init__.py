"""Tests of the colours: the palette, Pygments styles, the list of styles."""
