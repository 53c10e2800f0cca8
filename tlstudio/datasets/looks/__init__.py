"""What photos look like: copies, near-copies, quality."""
