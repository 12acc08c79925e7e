"""The extensions of vendors: their words, translated into the raw model."""
