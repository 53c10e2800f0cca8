"""Models written for other programs: the formats, how each is written, and the proof that it says the same."""
