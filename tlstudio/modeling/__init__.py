"""Networks: which exist, how they are built, and what they compute for a photo."""
