"""Why a model says what it says of a photo: what it looked at, and the photos that it learnt this from."""
