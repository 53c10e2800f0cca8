"""The settings that are used when nobody chooses: one place for the window and the command line."""

from tlstudio.datasets.augmentation.amounts import DEFAULT_AUGMENTATION, AugmentationConfig
from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import Architecture, find_architecture
from tlstudio.modeling.backbones import get_backbone
from tlstudio.modeling.layer_table import LayerTable
from tlstudio.modeling.spec import BARE_HEAD, OWN, HeadSpec, ModelSpec
from tlstudio.training.adjustment import refining_phase
from tlstudio.training.config import Phase, Stop, TrainConfig

HEAD_EPOCHS = 200  # never reached by strong features: they stop getting better after 20 to 40
SCRATCH_EPOCHS = 60
FINE_TUNE_EPOCHS = 0


def spec_for(
    backbone: str,
    weights: str | None = None,
    input_size: int = 0,
    cut_layer: str | None = None,
    head: HeadSpec | None = None,
) -> ModelSpec:
    """A spec with the defaults of its network filled in: weights, input size, cut, head.

    Raises:
        TLStudioError: If there is no such network.
    """
    entry = find_architecture(backbone) or get_backbone(backbone)
    ready_made, cut = ("none", None) if isinstance(entry, Architecture) else (entry.pretrained, entry.cut_layer)
    return ModelSpec(
        backbone=backbone,
        weights=weights or ready_made,
        input_size=input_size or entry.input_size,
        cut_layer=cut_layer or cut or None,
        head=head or usual_head(backbone),
    )


def usual_head(backbone: str) -> HeadSpec:
    """The head of a network unless told otherwise."""
    architecture = find_architecture(backbone)
    return architecture.head if architecture else HeadSpec()


def own_spec(layers: LayerTable, input_size: int = 0, head: HeadSpec | None = None) -> ModelSpec:
    """A spec of layers that a person put together.

    Args:
        layers: The network up to its last layer but one.
        input_size: Its longer side in pixels; 0 for what the layers say.
        head: What comes after them; the answer alone if None.
    """
    table = layers.resized(input_size or layers.side)
    return ModelSpec(OWN, "none", table.side, head=head or BARE_HEAD, layers=table)


def config_for(
    spec: ModelSpec,
    *,
    head_epochs: int | None = None,
    fine_tune_epochs: int | None = None,
    unfreeze_from: str = "",
    augmentation: AugmentationConfig | None = None,
    seed: int = 0,
    reproducible: bool = False,
) -> TrainConfig:
    """The phases that suit a network: head and then refining on pre-trained weights, all at once from scratch.

    Args:
        spec: The network.
        head_epochs: The most epochs of the first phase; None for the usual number.
        fine_tune_epochs: Epochs of refining; None for the usual number.
        unfreeze_from: First layer that is refined; "" for the usual one.
        augmentation: Varied copies; None for the usual ones.
        seed: Of everything random.
        reproducible: As for ``TrainConfig``.

    Raises:
        TLStudioError: If refining is asked of a network without pre-trained weights.
    """
    tuned = FINE_TUNE_EPOCHS if fine_tune_epochs is None else fine_tune_epochs
    if spec.weights == "none":
        if tuned:
            raise TLStudioError(
                "A network without pre-trained weights learns as a whole: there is nothing to refine afterwards.",
                "Leave out the refining, or choose a network with weights.",
            )
        epochs = SCRATCH_EPOCHS if head_epochs is None else head_epochs
        usual = [Phase("scratch", epochs, learning_rate=1e-3, stops=(Stop(patience=15),))]
        varied = DEFAULT_AUGMENTATION
    else:
        usual = [Phase("head", HEAD_EPOCHS if head_epochs is None else head_epochs, learning_rate=1e-3)]
        if tuned:
            usual.append(refining_phase(spec, tuned, unfreeze_from=unfreeze_from))
        varied = AugmentationConfig()
    return TrainConfig(tuple(usual), seed, varied if augmentation is None else augmentation, reproducible)
