"""Exports, one module a format. None yet but those that `kg.answers` gives."""
