"""The Model tab and its parts."""
