"""The check-up: networks that learnt ImageNet name photos."""
