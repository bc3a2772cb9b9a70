"""Testing a file must not use up numbers: they are not given back by a rollback."""

from odoo import models

TRIAL_KEY = "crm_import_trial"


class ImportTrial:
    """The next number of each sequence, during the test of a file."""

    def __init__(self):
        self.next_numbers = {}


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _draw_codes(self, count):
        trial = self.env.context.get(TRIAL_KEY)
        if not isinstance(trial, ImportTrial) or self.implementation != "standard":
            return super()._draw_codes(count)
        first = trial.next_numbers.get(self.id) or self.number_next_actual
        trial.next_numbers[self.id] = first + count
        prefix, suffix = self._get_prefix_suffix()
        return [
            f"{prefix}{number:0{self.padding}d}{suffix}"
            for number in range(first, first + count)
        ]
