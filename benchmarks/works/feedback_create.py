"""Making a thousand cases through the ORM, beside a thousand tickets of a peer.

Each gets its number, team, stage, policy, deadlines and mail thread; neither tells the
customer, who is told after the transaction.
"""

from dataclasses import dataclass

from benchmarks.figures import Aim
from benchmarks.work import Work

COUNT = 1_000
CUSTOMERS = """
SELECT id FROM res_partner
 WHERE customer_rank > 0 AND parent_id IS NULL AND active
   AND (company_id IS NULL OR company_id = %s)
 ORDER BY id LIMIT %s
"""


@dataclass
class CreateCases(Work):
    name = "feedback/create"
    title = f"make {COUNT:,} cases (the peer: tickets), in one call or one by one"
    scale = COUNT
    same = ("addon", "peer")
    runs = 5

    at_once: bool = True

    @property
    def aims(self):
        return (Aim("peer", 0.5),) if self.at_once else ()

    @classmethod
    def pieces(cls, door):
        return [cls(), cls(at_once=False)]

    def label(self):
        return f"{self.name}/{'at once' if self.at_once else 'one by one'}"

    def prepare(self, door):
        company = door.superuser().company.id
        found = [id_ for (id_,) in door.sql(CUSTOMERS, (company, COUNT))]
        self.customers = [found[no % len(found)] for no in range(COUNT)]

    def addon(self, door):
        env = door.superuser()
        types = env["crm.feedback.type"].search([]).ids
        return self._create(
            env["crm.feedback"],
            [
                {
                    "subject": f"Case {no}",
                    "description": f"<p>What happened in case {no}</p>",
                    "partner_id": customer,
                    "type_id": types[no % len(types)],
                }
                for no, customer in enumerate(self.customers)
            ],
        )

    def peer(self, door):
        return self._create(
            door.superuser()["helpdesk.ticket"],
            [
                {
                    "name": f"Case {no}",
                    "description": f"<p>What happened in case {no}</p>",
                    "partner_id": customer,
                }
                for no, customer in enumerate(self.customers)
            ],
        )

    def _create(self, model, values):
        if self.at_once:
            return model.create(values)
        made = model.browse()
        for one in values:
            made += model.create(one)
        return made

    def rows(self, door, way, result):
        """Whose each is. A case without number, deadline or message does not count."""
        if way == "addon":
            result = result.filtered(
                lambda one: one.name and one.date_due and one.message_ids
            )
        return sorted(one.partner_id.id for one in result)
