"""The form of a busy customer: what the addon costs on top of Odoo's own form.

The peers' way is Odoo's form with all of `--peers` installed: risk of credit, doubled
email addresses, claims, tickets.
"""

from dataclasses import dataclass

from benchmarks import views
from benchmarks.figures import Aim
from benchmarks.work import Work

#: as the addon's own action opens it
CONTEXT = {"crm_customer_form": True, "default_is_crm_customer": True}


@dataclass
class CustomerForm(Work):
    name = "customer form"
    title = "open the form of the customer with the most invoices"
    aims = (Aim("queries over stock", 20),)
    same = ()

    def prepare(self, door):
        # The same customer everywhere: the databases are copies of each other.
        self.busy = door.sql(
            """
            SELECT commercial_partner_id
              FROM account_move
             WHERE move_type = 'out_invoice' AND state = 'posted'
               AND company_id = %s
          GROUP BY commercial_partner_id
          ORDER BY count(*) DESC, commercial_partner_id
             LIMIT 1
            """,
            (door.env.company.id,),
        )[0][0]
        arch = views.load_view(door.env, "res.partner", "form")
        self.spec = views.form_specification(door.env, "res.partner", arch)

    def addon(self, door):
        return self._read(door, CONTEXT)

    def stock(self, door):
        return self._read(door, {})

    peer = stock

    def _read(self, door, context):
        return door.rpc(
            "res.partner",
            "web_read",
            [self.busy],
            self.spec,
            context={**context, "bin_size": True},
        )
