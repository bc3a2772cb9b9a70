"""What a piece of work is, and how the harness finds all of them.

A piece of work is one small file below ``works/`` with one class of ``Work``. What it
must have: ``name``, ``title`` and at least one way to do it, a method of this name:

- ``addon``: through crm_custom, by the door that users use, as a user with a role;
- ``floor``: the best plain SQL (NumPy, xlsxwriter) that gives the same rows;
- ``stock``: Odoo without crm_custom, on the same data;
- ``peer``: an addon of others, on the same data.

The results of the ways in ``same`` are compared by ``rows``; a difference is an error.
"""

import dataclasses
import importlib
import pkgutil
from typing import ClassVar

WAYS = ("addon", "floor", "stock", "peer")


@dataclasses.dataclass
class Work:
    """Base class. Fields of subclasses are JSON: a piece is made again from them in
    each process that does one of its ways.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    #: what is measured grows with this: a table of SQL, a read model, or a number that
    #: ``prepare`` sets
    scale: ClassVar[str] = "res_partner"
    #: login (see ``roles``) of the user who does it
    user: ClassVar[str] = "sales_all"
    aims: ClassVar[tuple] = ()
    #: the ways whose rows must be equal
    same: ClassVar[tuple] = ("addon", "floor")
    #: where the floor runs: "data", "stock" or "peers"
    floor_on: ClassVar[str] = "data"
    #: each run in a process of its own: for what takes seconds, or serves HTTP
    apart: ClassVar[bool] = False
    #: at most so many runs
    runs: ClassVar[int] = 100
    #: a method ``outside(harness) -> ways`` that measures Odoo from outside; its file
    #: imports nothing of Odoo's
    outside: ClassVar = None
    #: kinds of database to use up; the piece then runs in copies of them
    spends: ClassVar[tuple] = ()

    @classmethod
    def pieces(cls, door):
        """All pieces of this class; one, unless they are found in the database."""
        return [cls()]

    def label(self):
        return self.name

    def prepare(self, door):
        """What is not timed: choose records, make files. In each process, once."""

    def warm(self, door):
        """What a server did earlier; untimed, in each process of ``apart``."""

    def rows(self, door, way, result):
        """A way's result in comparable form, a list; its length is "rows". Not timed,
        and in the same transaction, so that what was written can be read.
        """
        return result

    def ways(self):
        """{way: kind of database}."""
        where = {
            "addon": "data",
            "floor": self.floor_on,
            "stock": "stock",
            "peer": "peers",
        }
        return {way: where[way] for way in WAYS if hasattr(self, way)}

    def description(self):
        """What the harness must know, which itself runs without Odoo."""
        return {
            "name": self.label(),
            "title": self.title,
            "ways": self.ways(),
            "same": self.same,
            "aims": [dataclasses.astuple(aim) for aim in self.aims],
            "apart": self.apart,
            "runs": self.runs,
            "spends": self.spends,
            "outside": self.outside is not None,
            "identity": self.identity(),
        }

    def identity(self):
        return {
            "module": type(self).__module__,
            "class": type(self).__qualname__,
            "fields": dataclasses.asdict(self),
        }


def make(identity):
    module = importlib.import_module(identity["module"])
    return getattr(module, identity["class"])(**identity["fields"])


def all_classes():
    """Every class of work, in the order of the files' names."""
    from . import works

    found = []
    for info in sorted(pkgutil.iter_modules(works.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"{works.__name__}.{info.name}")
        found += [
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, Work)
            and value.__module__ == module.__name__
            and value.name
        ]
    return found
