"""What an import leaves out, and why."""

from collections import defaultdict

CONTEXT_KEY = "crm_import_refusals"
# stock messages about a reference that was not found hold so much of the value
VALUE_LENGTH = 50


class ImportRefusals:
    """The refused records of one batch of an import.

    It travels in the context of ``load()``, below ``CONTEXT_KEY``, so that the models
    that convert and create leave a record out instead of stopping the import. It is a
    Python object, so no client can put one there. All rows that go in are counted from
    the first row of the batch, all that come out from the first row of the file.
    """

    def __init__(self, env, model_name, skip):
        self.env = env
        self.model_name = model_name
        self.skip = skip
        self.file_rows = []
        self.loaded_rows = []  # first row of each record that went in, as its id
        self.last_row = -1
        self.interruption = None
        self.found_names = {}  # (model, name) -> what the converter found
        self._cell_messages = defaultdict(list)
        self._refused = {}
        self._references = {}

    @staticmethod
    def of(env):
        """The refusals of the import that is going on, or None."""
        refusals = env.context.get(CONTEXT_KEY)
        return refusals if isinstance(refusals, ImportRefusals) else None

    def refuse_cell(self, row, message, path=None, value=None):
        """Refuse the record of a row whose cell can't be read at all."""
        info = {"message": message}
        if path:
            field_path = path.split("/")
            info.update(field=field_path[0], field_path=field_path, value=str(value))
        self._cell_messages[row].append(info)

    def cell_messages(self, rows):
        """The messages of ``refuse_cell`` on the rows of one record."""
        return [
            message
            for row in range(rows["from"], rows["to"] + 1)
            for message in self._cell_messages.get(row, ())
        ]

    def refuse(self, rows, messages, references=()):
        """Leave out the record of these rows.

        :param references: by what the rows below may refer to the record
        """
        self._refused[rows["from"]] = (rows["to"], messages)
        for reference in filter(None, references):
            self._references.setdefault(reference[:VALUE_LENGTH], rows["from"])

    def row_number_of(self, reference):
        """Number of the refused row that the reference means, else None."""
        row = self._references.get(reference[:VALUE_LENGTH])
        return None if row is None else self.skip + row + 1

    def messages(self):
        """One message for each reason: those of ``load()``, with rows of the file."""
        return [
            {
                **message,
                "type": "error",
                "record": self.skip + first + 1,
                "rows": {"from": self.skip + first, "to": self.skip + last},
            }
            for first, (last, messages) in sorted(self._refused.items())
            for message in messages
        ]

    def reasons(self):
        """``[first row, last row, reason]`` of each refused record."""
        return [
            [
                self.skip + first,
                self.skip + last,
                self.env._(
                    "Row %(row)s: %(reasons)s",
                    row=self.skip + first + 1,
                    reasons="; ".join(
                        dict.fromkeys(
                            " ".join(message["message"].split()) for message in messages
                        )
                    ),
                ),
            ]
            for first, (last, messages) in sorted(self._refused.items())
        ]
