"""How far a share measured on some photos may lie from that of many more photos like these."""


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """95 % Wilson score interval of a share (E. B. Wilson, JASA 22, 1927).

    Args:
        right: Photos that count, from 0 to ``total``.
        total: Photos looked at; where there are none, nothing is known: 0 to 1.
    """
    from scipy.stats import binomtest

    if not total:
        return 0.0, 1.0
    interval = binomtest(right, total).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)
