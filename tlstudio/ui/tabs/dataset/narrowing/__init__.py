"""Narrowing the photos down by size, shape, part and looks."""
