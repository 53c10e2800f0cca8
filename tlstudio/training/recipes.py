"""The settings that are used when nobody chooses: one place for the window and the command line."""

from tlstudio.datasets.augmentation.amounts import DEFAULT_AUGMENTATION, AugmentationConfig
from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import Architecture, find_architecture, require_possible_layers, table_of
from tlstudio.modeling.backbones import BACKBONES, STARTER, find_backbone, get_backbone
from tlstudio.modeling.layer_table import LayerTable
from tlstudio.modeling.spec import BARE_HEAD, OWN, HeadSpec, ModelSpec
from tlstudio.modeling.weights import at_hand
from tlstudio.training.config import Phase, TrainConfig

HEAD_EPOCHS = 200  # never reached by strong features: they stop getting better after 20 to 40
SCRATCH_EPOCHS = 60
FINE_TUNE_EPOCHS = 0

# Good and quick on a laptop first; the rest of the table follows in its own order.
_PREFERRED = ("mobilenet_v3_large", "mobilenet_v2_1.0", "efficientnet_v2_b0", "mobilenet_1.0", "mobilenet_v3_small")


def recommended_spec(weights: str | None = None) -> tuple[ModelSpec, str]:
    """The network to use when nobody chose one, and a sentence that says why.

    Args:
        weights: Where the weights are wanted from, if that much was chosen: "bundled", "imagenet" or "none".

    Raises:
        TLStudioError: If weights from a file are wanted: only its owner knows their network.
    """
    if weights == "none":
        return spec_for("small_cnn"), "It learns from your photos alone."
    if weights in (None, "imagenet"):
        for name in (*_PREFERRED, *(entry.name for entry in BACKBONES)):
            backbone = get_backbone(name)
            if backbone.pretrained == "imagenet" and at_hand(backbone, backbone.input_size):
                why = f"{backbone.title} has already learnt from a million photos and is on this computer."
                return spec_for(name), why
    if weights in (None, "bundled"):
        return spec_for(STARTER), "The starter network has already learnt from small photos and comes with TL Studio."
    if weights == "imagenet":
        backbone = get_backbone(_PREFERRED[0])
        return spec_for(backbone.name), f"{backbone.title} has already learnt from a million photos."
    raise TLStudioError(f"Nobody can tell which network {weights} belongs to.", "Name it with --backbone.")


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
        phases = [Phase("scratch", epochs, learning_rate=1e-3, patience=15)]
        varied = DEFAULT_AUGMENTATION
    else:
        phases = [Phase("head", HEAD_EPOCHS if head_epochs is None else head_epochs, learning_rate=1e-3)]
        if tuned:
            phases.append(Phase("fine_tune", tuned, 1e-5, unfreeze_from=unfreeze_from or _default_unfreeze(spec)))
        varied = AugmentationConfig()
    return TrainConfig(tuple(phases), seed, varied if augmentation is None else augmentation, reproducible)


def require_fitting(spec: ModelSpec, config: TrainConfig) -> None:
    """Refuse a network that can't be built, and phases that can't work with it.

    Raises:
        TLStudioError: If its layers can't be built, or a phase needs pre-trained weights and there are none.
    """
    table = table_of(spec)
    if table is not None:
        require_possible_layers(table)
    if spec.weights == "none" and any(phase.name != "scratch" for phase in config.phases):
        raise TLStudioError(
            "A network without pre-trained weights learns as a whole: its random layers tell a head nothing.",
            "Train it from scratch, or choose a network with weights.",
        )


def _default_unfreeze(spec: ModelSpec) -> str:
    entry = find_backbone(spec.backbone)
    return entry.unfreeze_from if entry else ""
