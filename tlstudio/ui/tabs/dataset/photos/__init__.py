"""The photos: grid, filters, large view."""
