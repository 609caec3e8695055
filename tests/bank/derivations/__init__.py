"""How each template of the shipped bank is answered by someone who has only the page, and plain Python.

Each derivation knows its question in words: it takes numbers and words out of the displayed stem and options and works the
answers out with `math`, with nothing of the cross-entropy engine or of the template's own expressions.
"""

from derivations import after, before, measured, related

DERIVATIONS = before.DERIVATIONS | related.DERIVATIONS | after.DERIVATIONS | measured.DERIVATIONS
