"""The review queue of the Predict tab."""
