"""Background execution for the window."""
