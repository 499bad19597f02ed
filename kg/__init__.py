"""mechtrail: which mechanism of a cell therapy is backed by which trial evidence, and where the chain breaks.

Import what you need from the modules: `kg.build`, `kg.catalogue`, `kg.store`, `kg.network`, `kg.fingerprint`.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
