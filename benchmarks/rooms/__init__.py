"""What the later rooms of the addon add to a data set that is filled already.

The data set takes minutes at L, so a room's rows are no part of it: each file here
fills its own tables when it finds them, and again when the file has changed. Like the
data set, the rows depend on it, the seed and the day alone, and are written by SQL.
"""

import hashlib
import importlib
import json
import pkgutil
from pathlib import Path

from benchmarks.dataset import MARK

CHANCE = """
CREATE OR REPLACE FUNCTION pg_temp.u(n bigint, what text) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended(n, hashtextextended(what, {seed})) & 9007199254740991)
           ::double precision / 9007199254740992
$$;
"""


def ensure(env, say):
    """Fill the rooms that are not, and return whether any was; the caller commits."""
    filled = False
    parameters = env["ir.config_parameter"]
    facts = json.loads(parameters.get_param(MARK))
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        room = importlib.import_module(f"{__name__}.{info.name}")
        key = f"{MARK}.{info.name}"
        digest = hashlib.sha256(Path(room.__file__).read_bytes()).hexdigest()[:12]
        if room.MODEL not in env or parameters.get_param(key) == digest:
            continue
        if not filled:
            env.cr.execute(CHANCE.format(seed=int(facts["seed"])))
            # nothing that is written here points to what is not there
            env.cr.execute("SET LOCAL session_replication_role = replica")
        say(f"    {info.name}: {room.fill(env, facts['today']):,} rows")
        parameters.set_param(key, digest)
        env.flush_all()
        filled = True
    return filled
