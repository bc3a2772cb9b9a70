"""The data set of the bench: see docs/performance.md.

`fill` writes it into a marked copy of a template, `check` lets Odoo recompute a sample
of it. The rows depend on the shape, the seed and the day, and on nothing else.
"""

from .mark import MARK, NotOurs, is_marked, mark
from .shape import SIZES, Shape

SEED = 1


def fill(env, shape, seed, say, today=None):
    """Fill a marked copy of a template; see `filling.fill`."""
    from . import filling

    return filling.fill(env, shape, seed, say, today)


def check(env, sample, say):
    """Compare the rows with what Odoo makes of them; see `checking.check`."""
    from . import checking

    return checking.check(env, sample, say)
