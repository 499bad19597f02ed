"""From a text to records that hold: passages, excerpts, coverage, doses, impossible numbers, skeletons and schemas.

Nothing here knows RDF beyond the seal of a claim, or reads files other than texts and records of verification.
"""
