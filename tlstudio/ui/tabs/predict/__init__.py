"""The Predict tab and its parts."""
