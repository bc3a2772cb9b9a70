"""What of a text is searched: words without case and accents, Chinese as pairs.

Plain functions without a database. PostgreSQL takes a run of Chinese signs for one
word; as pairs of signs its full-text search finds what is written within one.
"""

import re

from .partner_key_values import CJK, fold, sign_pairs

LAST_OF_RUN = re.compile(f"(?<=[{CJK}])([{CJK}])(?![{CJK}])")


def kept_words(text):
    """What is stored of a text: ``抽屉有划痕`` -> ``抽屉 屉有 有划 划痕 痕``.

    The last sign stands there once more by itself, so that each sign begins a word.
    """
    return sign_pairs(LAST_OF_RUN.sub(r"\1 \1", _fold_each(text)))


def wanted_words(text):
    """What is looked for: ``抽屉划痕`` -> ``抽屉 屉划 划痕``."""
    return sign_pairs(_fold_each(text))


def _fold_each(text):
    """Two Chinese words that a space parts stay two, other than in a name."""
    return " ".join(filter(None, map(fold, text.split())))
