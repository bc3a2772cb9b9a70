"""The jobs of the customer room: each night, and once after the install."""

from dataclasses import dataclass
from typing import ClassVar

from benchmarks.work import Work


@dataclass
class CustomerJob(Work):
    """``kind`` is the end of the job's external id."""

    title = "codes and status of all customers"
    name = "job"
    apart = True
    spends = ("data",)
    same = ()
    runs = 1
    #: so often the scheduler may have to come back to it
    most: ClassVar[int] = 50
    kind: str = "status"

    @classmethod
    def pieces(cls, door):
        return [cls(kind="status"), cls(kind="setup")]

    def label(self):
        return (
            f"{self.name}/{'each night' if self.kind == 'status' else 'after install'}"
        )

    def prepare(self, door):
        cr = door.env.cr
        cr.execute(
            "UPDATE ir_cron SET active = TRUE FROM ir_model_data d WHERE d.name = %s"
            " AND d.model = 'ir.cron' AND d.res_id = ir_cron.id",
            (f"ir_cron_crm_customer_{self.kind}",),
        )
        if self.kind == "setup":
            # As the install finds the partners of a company that has lived without it.
            cr.execute(
                "UPDATE res_partner SET is_crm_customer = NULL, customer_status = NULL,"
                " ref = NULL WHERE is_crm_customer"
            )
        cr.commit()

    def addon(self, door):
        job = door.superuser().ref(f"crm_custom.ir_cron_crm_customer_{self.kind}")
        before = door.sql("SELECT max(id) FROM ir_cron_progress")[0][0] or 0
        for _time in range(self.most):
            job.method_direct_trigger()
            job.invalidate_recordset()
            left = door.sql(
                "SELECT remaining FROM ir_cron_progress WHERE cron_id = %s AND id > %s"
                " ORDER BY id DESC LIMIT 1",
                (job.id, before),
            )
            if not left or not left[0][0]:
                return
        raise AssertionError("the job does not come to an end")

    def rows(self, door, way, result):
        """The customers with what the job gave them."""
        return door.sql(
            "SELECT id, ref, customer_status FROM res_partner"
            " WHERE is_crm_customer ORDER BY id"
        )
