"""The Evaluation tab and its parts."""
