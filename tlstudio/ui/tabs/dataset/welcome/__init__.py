"""The first page: where to begin."""
