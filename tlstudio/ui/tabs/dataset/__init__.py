"""The Dataset tab and its parts."""
