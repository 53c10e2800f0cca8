"""Sharing photos out into training, validation and test."""
