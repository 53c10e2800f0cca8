"""TL Studio: train image classifiers on your own photo folders, judge them honestly, put them to work."""

__version__ = "0.1.0"
