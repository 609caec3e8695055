"""The same question for each peer: a table of next words, and the loss at the gold one, with three decimals."""
