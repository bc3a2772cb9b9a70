import logging

from psycopg2 import InterfaceError, OperationalError

from odoo import api, models
from odoo.tools import SQL, split_every

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    """How the jobs of this addon work: in batches, alone, and past a bad record."""

    _inherit = "ir.cron"

    @api.model
    def _crm_run_in_batches(self, items, size, work, *, lock=None, failed=None):
        """Do the work on batches of items and commit each, so that a job that is
        killed goes on where it was.

        An item with which the work fails is logged and left out; the others are done.
        Jobs ask anew what is left to do, so the next run tries it again.

        :param lock: leave the work to whoever else has a batch under this name
        :param failed: a list that takes the items that failed
        :return: whether to go on: nobody else is at it, and there is time
        """
        left = len(items)
        for batch in split_every(size, items):
            if lock and not self._crm_is_alone(lock):
                return False
            bad = self._crm_do(list(batch), work)
            if failed is not None:
                failed += bad
            left -= len(batch)
            # never 0: what the next steps have to do is not known yet
            if not self._commit_progress(len(batch), remaining=max(left, 1)):
                return False
        return True

    @api.model
    def _crm_do(self, items, work):
        """Do the work on these items; where it fails, on halves of them.

        :return: the items with which it failed
        """
        try:
            with self.env.cr.savepoint():
                work(items)
            return []
        except (InterfaceError, OperationalError):
            # Another transaction, or no connection: no fault of the items. The
            # scheduler logs it and tries the whole batch again.
            raise
        except Exception:
            if len(items) == 1:
                _logger.exception("A job of the CRM leaves out %r", items[0])
                return items
        middle = len(items) // 2
        return self._crm_do(items[:middle], work) + self._crm_do(items[middle:], work)

    @api.model
    def _crm_is_alone(self, lock):
        """Whether no other transaction has this name; until the next commit."""
        query = SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s))", f"crm {lock}")
        return self.env.execute_query(query)[0][0]
