"""Photos on disk: finding, decoding, labelling, splitting and varying them."""
