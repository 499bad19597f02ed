"""mechtrail: which mechanism of a cell therapy is backed by which trial evidence, and where the chain breaks.

`from kg import open_graph` is the way in, and `%load_ext kg` in a notebook; the modules `kg.build`, `kg.catalogue`,
`kg.store`, `kg.network` and `kg.fingerprint` are there for more.
"""

from typing import Any

__all__ = ["__version__", "load_ipython_extension", "open_graph", "unload_ipython_extension"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - loaded when asked for, so that `import kg` costs nothing
    if name == "open_graph":
        from kg.graph import open_graph

        return open_graph
    if name in ("load_ipython_extension", "unload_ipython_extension"):
        from kg import notebook

        return getattr(notebook, name)
    raise AttributeError(name)
