"""Which sample data sets there are: two that need no network, and well-known ones to download."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tlstudio.errors import TLStudioError

_MICROSOFT = "https://download.microsoft.com/download"
_BLOCK = 4096  # bytes: a photo takes whole blocks of the disk


@dataclass(frozen=True, slots=True)
class SampleDataset:
    """A data set to try the program with.

    Attributes:
        name: As on the command line.
        title: As in the window.
        description: One sentence for a person.
        photos: Photos in all.
        classes: Number of classes.
    """

    name: str
    title: str
    description: str
    photos: int
    classes: int


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that somebody publishes and that never changes.

    Attributes:
        name: What it is called on this computer; its ending says what it is.
        urls: Where it is; those after the first are copies of it elsewhere.
        size: In bytes; 0 where it isn't published, so that the server's word is taken.
        checksum: Published digest of the whole file: "sha256:" or "md5:", then hex digits; "" where none is published.
    """

    name: str
    urls: tuple[str, ...]
    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Download(SampleDataset):
    """A sample data set that is fetched from where its authors publish it.

    Attributes:
        files: What it consists of: one archive, or the files of MNIST.
        licence: What its authors allow, in a sentence.
        inner: Folder in the archive that holds the class folders; "" if they lie at the top.
        class_names: What classes are called in English, where their folders have other names.
    """

    files: tuple[RemoteFile, ...]
    licence: str
    inner: str = ""
    class_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)

    @property
    def unpacked(self) -> int:
        """About how many bytes the photos take once they are unpacked: photos hardly shrink when they are packed."""
        return max(self.size, self.photos * _BLOCK)


SAMPLE_DATASETS = (
    SampleDataset(
        name="leaves",
        title="Leaves",
        description="Leaves of birch, maple, oak and willow, drawn to look like photos.",
        photos=240,
        classes=4,
    ),
    SampleDataset(
        name="digits",
        title="Handwritten digits",
        description="The digits 0 to 9, written by hand by 13 people.",
        photos=1797,
        classes=10,
    ),
)
"""What is there without a network."""


def _mnist_file(name: str, size: int, digest: str) -> RemoteFile:
    places = ("https://storage.googleapis.com/cvdf-datasets/mnist", "https://ossci-datasets.s3.amazonaws.com/mnist")
    return RemoteFile(name, tuple(f"{place}/{name}" for place in places), size, f"sha256:{digest}")


# Sizes and SHA-256 of MNIST, the flowers and Cats vs. Dogs as TensorFlow Datasets publishes them, of CIFAR-10 as Keras
# does; MD5 of Imagenette as torchvision does.
DOWNLOADS = (
    Download(
        name="mnist",
        title="MNIST",
        description="Handwritten digits of 28 x 28 pixels: the most used data set of all.",
        photos=70_000,
        classes=10,
        files=(
            _mnist_file(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            _mnist_file(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            _mnist_file(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            _mnist_file(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ),
        licence="By Yann LeCun and Corinna Cortes; Creative Commons Attribution-ShareAlike 3.0.",
    ),
    Download(
        name="cifar10",
        title="CIFAR-10",
        description="Tiny photos, 32 x 32 pixels, of vehicles and animals.",
        photos=60_000,
        classes=10,
        files=(
            RemoteFile(
                "CIFAR-10.tar.gz",
                ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
                170_498_071,
                "sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            ),
        ),
        licence="By Alex Krizhevsky; cite “Learning Multiple Layers of Features from Tiny Images”, 2009.",
    ),
    Download(
        name="tf_flowers",
        title="Flowers",
        description="Photos of daisies, dandelions, roses, sunflowers and tulips, collected by TensorFlow.",
        photos=3_670,
        classes=5,
        files=(
            RemoteFile(
                "Flowers.tgz",
                (
                    "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz",
                    "http://download.tensorflow.org/example_images/flower_photos.tgz",
                ),
                228_813_984,
                "sha256:4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
            ),
        ),
        licence="Creative Commons Attribution; the file LICENSE.txt among the photos names who took them.",
    ),
    Download(
        name="imagenette",
        title="Imagenette",
        description="Ten classes of ImageNet that are easy to tell apart, 320 pixels on the shorter side.",
        photos=13_394,
        classes=10,
        files=(
            RemoteFile(
                "Imagenette.tgz",
                ("https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-320.tgz",),
                341_663_724,
                "md5:3df6f0d01a2c9592104656642f5e78a3",
            ),
        ),
        licence="By Jeremy Howard; the photos are those of ImageNet, for research and teaching that is not commercial.",
        class_names={
            "n01440764": "tench",
            "n02102040": "English springer",
            "n02979186": "cassette player",
            "n03000684": "chain saw",
            "n03028079": "church",
            "n03394916": "French horn",
            "n03417042": "garbage truck",
            "n03425413": "gas pump",
            "n03445777": "golf ball",
            "n03888257": "parachute",
        },
    ),
    Download(
        name="cats_vs_dogs",
        title="Cats and dogs",
        description="Photos of pets from Petfinder, collected by Microsoft; a few of the files can't be read.",
        photos=25_000,
        classes=2,
        files=(
            RemoteFile(
                "Cats and dogs.zip",
                (f"{_MICROSOFT}/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip",),
                824_887_076,
                "sha256:b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
            ),
        ),
        licence="Community Data License Agreement – Permissive 2.0; its text comes with the photos.",
        inner="PetImages",
    ),
)
"""What is downloaded when somebody asks for it, the smallest first."""


def all_samples() -> tuple[SampleDataset, ...]:
    """Those that are there without a network, then those to download."""
    return (*SAMPLE_DATASETS, *DOWNLOADS)


def find_sample(name: str) -> SampleDataset:
    """The sample data set of a name, one to download included.

    Raises:
        TLStudioError: If there is none.
    """
    everything = all_samples()
    for sample in everything:
        if sample.name == name:
            return sample
    *names, last = (f"“{sample.name}”" for sample in everything)
    raise TLStudioError(f"There is no sample called “{name}”.", f"The samples are {', '.join(names)} and {last}.")
