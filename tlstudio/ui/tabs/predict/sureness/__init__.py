"""How sure an answer has to be: a promise, or a plain threshold."""
