"""The Training tab and its parts."""
