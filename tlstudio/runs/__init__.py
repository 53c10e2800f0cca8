"""Trainings on disk, one folder each."""
