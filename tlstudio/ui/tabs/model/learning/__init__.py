"""The page of the Model tab on how a network learns."""
