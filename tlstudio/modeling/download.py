"""Child process: let Keras download the ImageNet weights of one backbone into ``KERAS_HOME``."""

import sys

from tlstudio.modeling.backbones import get_backbone


def main(name: str, input_size: str) -> None:
    """Build the backbone with ``weights="imagenet"``; Keras fetches and checks the file."""
    import keras

    backbone = get_backbone(name)
    size = backbone.imagenet_size(int(input_size))
    arguments = {} if backbone.width is None else {"alpha": backbone.width}
    getattr(keras.applications, backbone.constructor)(
        include_top=False, weights="imagenet", input_shape=(size, size, 3), **arguments
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
