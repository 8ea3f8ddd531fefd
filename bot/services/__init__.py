"""Use-cases: asynchronous, depending on ports only."""
