"""The classes and what can be done to them."""
