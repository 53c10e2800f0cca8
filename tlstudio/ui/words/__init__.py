"""Sentences for people, made of numbers; no Qt."""
