"""Serves a published snapshot over HTTP; knows nothing of sources, shapes or XML."""
