"""What is said of the phases of a training, and what can be set of them; without Qt."""

from dataclasses import replace

import pytest

from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.summary import HEAD, blocks, summarize
from tlstudio.training.adjustment import refining_phase
from tlstudio.training.config import Optimizer, Phase, Schedule, Stop, TrainConfig
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.ui.choices import Choices
from tlstudio.ui.tabs.model.learning.phase_lines import (
    PhaseLine,
    Surroundings,
    is_possible,
    offers,
    part_choices,
    phase_lines,
    rate_course,
    with_part,
)
from tlstudio.ui.tabs.model.learning.phase_settings import EPOCHS, SETTINGS, PhaseSetting
from tlstudio.ui.tabs.model.learning.stop_rules import rules_of, stopping_when_stalled
from tlstudio.ui.words.phases import phase_facts, phase_title, rate_words

SPEC = spec_for("mobilenet_v2_1.0", "imagenet")
HEAD_PHASE = Phase("head", 200, 1e-3)
TUNE = refining_phase(SPEC, 10)


def around(spec: ModelSpec = SPEC, classes: tuple[str, ...] = ("daisy", "rose")) -> Surroundings:
    summary = summarize(spec, 2)
    layers = tuple(layer.name for layer in summary.layers if layer.block != HEAD)
    return Surroundings(spec, blocks(summary), layers, classes, 320)


def lines(*phases: Phase, spec: ModelSpec = SPEC) -> tuple[PhaseLine, ...]:
    return phase_lines(TrainConfig(phases), around(spec))


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (HEAD_PHASE, "Last layers only, until it stops getting better"),
        (TUNE, "Also the last 4 blocks, until it stops getting better"),
        (replace(TUNE, unfreeze_from="", stops=()), "The whole network, 10 rounds"),
        (replace(TUNE, unfreeze_from="block_16_project", stops=()), "Everything from block_16_project on, 10 rounds"),
        (
            replace(HEAD_PHASE, stops=(Stop("accuracy", 0, at_least=0.98),)),
            "Last layers only, until photos right (training) is 0.98",
        ),
    ],
)
def test_a_phase_is_told_in_words(phase: Phase, words: str) -> None:
    assert phase_title(phase, around().blocks) == words


def test_what_matters_of_its_settings_stands_beside() -> None:
    phase = replace(TUNE, input_size=96, data="live", class_weights="balanced", stops=())
    said = phase_facts(phase, 224)
    assert said == "Adam at 1e-5, 32 photos a step, 96 pixels, varied anew each round, classes weighted"
    assert "at most 10 rounds" in phase_facts(TUNE, 224)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(), "stays at 1e-5"),
        (Schedule("step", 0.1, 10), "multiplied by 0.1 every 10 rounds"),
        (Schedule("cosine", warm_up=2), "over 2 rounds"),
        (Schedule("plateau", 0.5, 3), "has not fallen for 3 rounds"),
    ],
)
def test_the_course_of_the_rate_is_told(schedule: Schedule, words: str) -> None:
    assert words in rate_words(replace(TUNE, schedule=schedule))


@pytest.mark.parametrize("setting", [EPOCHS, *SETTINGS], ids=lambda setting: setting.name)
def test_each_setting_gives_back_what_it_wrote(setting: PhaseSetting) -> None:
    for value, _ in setting.choices:
        assert setting.value(setting.applied(TUNE, value)) == value
    if not setting.choices:
        assert setting.typed(TUNE, setting.written(TUNE)) == TUNE
        assert setting.typed(TUNE, "much") is None
        assert setting.typed(TUNE, "-1") is None
        assert setting.rule


def test_settings_of_parts_are_typed() -> None:
    settings = {setting.name: setting for setting in SETTINGS}
    phase = settings["optimizer.momentum"].typed(replace(TUNE, optimizer=Optimizer("sgd")), "0,9")
    assert phase is not None
    assert phase.optimizer == Optimizer("sgd", 0.9)
    assert settings["steps_per_epoch"].typed(replace(TUNE, steps_per_epoch=8), "") == TUNE
    assert not settings["optimizer.momentum"].applies(TUNE)
    assert settings["optimizer.momentum"].applies(phase)


def test_what_cannot_be_is_said_at_its_field() -> None:
    nesterov = replace(TUNE, optimizer=Optimizer("sgd", nesterov=True))
    weights = replace(TUNE, class_weights=(("tulip", 2.0),))
    first, second, third, fourth = lines(
        HEAD_PHASE, nesterov, weights, replace(TUNE, unfreeze_from="block_99", input_size=8)
    )
    assert not first.misfits
    assert "Nesterov" in second.problem("optimizer.nesterov")
    assert not second.problem("batch_norm")
    assert "“tulip”" in third.problem("class_weights")
    assert "“block_99”" in fourth.problem("unfreeze_from")
    assert "too small" in fourth.problem("input_size")
    assert "Phase 2" in second.spoken(2)


def test_what_learns_is_chosen_by_blocks() -> None:
    (line,) = lines(TUNE)
    choices = dict(part_choices(line))
    assert choices[None] == "last layers only"
    assert choices[TUNE.unfreeze_from] == "also the last 4 blocks"
    assert choices[""] == "the whole network"
    assert len(choices) == len(line.around.blocks) + 2


def test_the_last_layers_never_learn_alone_behind_a_refined_network() -> None:
    """Else a phase could be made of which no training can be."""
    kinds = [line.kinds for line in lines(HEAD_PHASE, HEAD_PHASE, TUNE)]
    assert kinds == [("head",), ("head", "fine_tune"), ("head", "fine_tune")]
    first, *_ = lines(HEAD_PHASE, HEAD_PHASE, TUNE)
    assert dict(part_choices(first)) == {None: "last layers only"}
    after = Surroundings(SPEC, done=(HEAD_PHASE, TUNE))
    (line,) = phase_lines(TrainConfig((TUNE,)), after)
    assert None not in dict(part_choices(line))
    assert all(phase.name == "fine_tune" for _, _, phase in offers(TrainConfig((TUNE,)), after))


def test_the_usual_rate_goes_with_what_learns() -> None:
    tuned = with_part(HEAD_PHASE, SPEC, "")
    assert (tuned.name, tuned.learning_rate) == ("fine_tune", 1e-5)
    assert with_part(tuned, SPEC, None) == HEAD_PHASE
    assert with_part(replace(HEAD_PHASE, learning_rate=0.02), SPEC, "").learning_rate == 0.02


@pytest.mark.parametrize("spec", [SPEC, spec_for("lenet")], ids=["pre-trained", "scratch"])
def test_every_offer_can_stand_somewhere(spec: ModelSpec) -> None:
    phases = config_for(spec).phases
    for _, _, phase in offers(config_for(spec), Surroundings(spec)):
        assert any(is_possible((*phases[:place], phase, *phases[place:])) for place in range(len(phases) + 1))
    assert not is_possible(())
    assert not is_possible((TUNE, HEAD_PHASE))


def test_reasons_to_end_come_apart_and_together_again() -> None:
    stops = (Stop("val_loss", 5, at_most=0.1), Stop("accuracy", 0, at_least=0.98))
    rules = rules_of(stops)
    assert [rule.kind for rule in rules] == ["stalls", "at_most", "at_least"]
    assert [rule.stop for rule in rules] == [Stop("val_loss", 5), Stop("val_loss", 0, at_most=0.1), stops[1]]
    turned = rules[1].of("accuracy")
    assert (turned.kind, turned.metric) == ("at_least", "accuracy")
    assert rules[0].of("accuracy").kind == "stalls"
    with pytest.raises(ValueError, match="counted from 1"):
        _ = replace(rules[0], value=0.5).stop


def test_until_it_stops_getting_better_can_be_left_out() -> None:
    phase = replace(TUNE, stops=(Stop(), Stop("accuracy", 0, at_least=0.9)))
    without = replace(phase, stops=stopping_when_stalled(phase, wanted=False))
    assert without.stops == (Stop("accuracy", 0, at_least=0.9),)
    assert stopping_when_stalled(without, wanted=True) == phase.stops
    scratch = Phase("scratch", 5, 1e-3, stops=())
    assert stopping_when_stalled(scratch, wanted=True) == (Stop(patience=15),)


def test_the_picture_follows_the_schedule() -> None:
    (line,) = lines(replace(TUNE, schedule=Schedule("step", 0.1, every=5)))
    heights = [height for _, height in rate_course(line)]
    assert heights[0] == 1
    assert heights[-1] == pytest.approx(0.1)
    (stalling,) = lines(replace(TUNE, schedule=Schedule("plateau", 0.5, every=2)))
    assert rate_course(stalling)[-1][1] == pytest.approx(0.5**4)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in rate_course(line))


def test_phases_set_by_hand_go_along_and_are_given_back() -> None:
    choices = Choices(SPEC).with_phases((HEAD_PHASE, TUNE, replace(TUNE, unfreeze_from="", epochs=3)))
    other = choices.with_spec(spec_for("xception", "imagenet")).config().phases
    assert [phase.epochs for phase in other] == [200, 10, 3]
    assert [phase.unfreeze_from for phase in other] == ["", "block14_sepconv1", ""]
    assert choices.with_spec(spec_for("lenet")).config() == config_for(spec_for("lenet"))
    assert choices.with_phases(choices.usual().phases).phases is None
    recipe = TrainConfig((TUNE,), seed=3)
    assert Choices.of(SPEC, recipe).with_phases((HEAD_PHASE,)).usual() == recipe
