"""Other people's files -> graphs of a store. Which kinds there are stands in `kinds`, how they get in, in `load`."""
