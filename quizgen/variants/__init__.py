"""From declarations to arrays of values: addresses, random streams, draws, expressions, texts."""
