"""Diplomatic documents in, a checked and published RDF snapshot out.  Knows nothing of HTTP."""

from importlib.metadata import version

__version__ = version("dragoman")
