"""What a network looks like: its layers, blocks, cuts and numbers, as plain data and without TensorFlow."""
