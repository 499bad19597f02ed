"""mechtrail: which mechanism of a cell therapy is backed by which trial evidence, and where the chain breaks.

`from kg import open_graph` is the way in; the modules `kg.build`, `kg.catalogue`, `kg.store`, `kg.network` and
`kg.fingerprint` are there for more.
"""

from typing import Any

__all__ = ["__version__", "open_graph"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - loaded when asked for, so that `import kg` costs nothing
    if name == "open_graph":
        from kg.graph import open_graph

        return open_graph
    raise AttributeError(name)
