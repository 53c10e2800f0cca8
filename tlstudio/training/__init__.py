"""Learning: phases, the loop that runs them, and what is remembered of it."""
