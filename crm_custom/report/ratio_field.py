from odoo import fields


class Ratio(fields.Float):
    """A figure that may be unknown, as what is divided by nothing: empty then, not 0.

    An unknown value is False in a record, for the client, and on paper.
    """

    def convert_to_record(self, value, record):
        return False if value is None else value
