"""Models that other programs made: checked before anything builds them, then turned into an engine of our own."""
