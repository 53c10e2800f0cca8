"""The page of the last layers."""
