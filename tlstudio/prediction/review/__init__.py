"""What a person says of answers that a model is not sure of."""
