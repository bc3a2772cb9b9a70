"""Shares as the thresholds that SQL's width_bucket wants."""

from itertools import accumulate


def upto(shares):
    """[0.6, 0.25, 0.15] -> [0.6, 0.85]: u falls into bucket 0, 1 or 2."""
    return [round(value, 9) for value in accumulate(shares)][:-1]
