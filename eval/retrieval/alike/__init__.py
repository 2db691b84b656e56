"""How `knowledge/encoder/alike` is tuned, offline and from the asks of the corpus only."""
