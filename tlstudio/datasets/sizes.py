"""Sizes of files in words."""

_MEGABYTE, _GIGABYTE = 1e6, 1e9
_WHOLE_FROM = 100e6


def size_in_words(size: int) -> str:
    """Bytes as a person says them, in powers of ten as disks are sold: "11.6 MB", "342 MB", "1.2 GB"."""
    if size >= _GIGABYTE:
        return f"{size / _GIGABYTE:,.1f} GB"
    if size < _MEGABYTE:
        return f"{-(-size // 1000)} KB"
    return f"{size / _MEGABYTE:.{0 if size >= _WHOLE_FROM else 1}f} MB"
