"""The list of all cases beside the list of a peer's tickets, each as it stands."""

from dataclasses import dataclass

from benchmarks import views
from benchmarks.figures import Aim
from benchmarks.work import Work

#: where the cases are more, the addon has them against it
TICKETS = 100_000
FILL = """
INSERT INTO helpdesk_ticket (
       number, name, description, partner_id, commercial_partner_id, partner_name,
       stage_id, company_id, user_id, priority, sequence, active, last_stage_update,
       create_uid, write_uid, create_date, write_date)
SELECT 'BN' || n, 'Case ' || n, '<p>What happened</p>', p.id, p.commercial_partner_id,
       p.name, (%(stages)s)[1 + n %% %(stage_count)s], %(company)s, %(uid)s, '1', 10,
       TRUE, now(), %(uid)s, %(uid)s, now() - n * interval '1 minute', now()
  FROM generate_series(1, %(tickets)s) AS n
  JOIN res_partner AS p ON p.id = (%(customers)s)[1 + n %% %(customer_count)s]
"""


@dataclass
class FeedbackBesideTickets(Work):
    name = "feedback/list"
    title = f"first page of all cases; the peer: of {TICKETS:,} tickets"
    scale = "crm_feedback"
    aims = (Aim("queries", 20), Aim("peer", 1))
    same = ("addon", "peer")

    def prepare(self, door):
        model = "crm.feedback"
        if not door.has_addon:
            model = "helpdesk.ticket"
            self._fill(door)
        arch = views.load_view(door.env, model, "list")
        self.request = {
            "domain": [],
            "specification": views.list_specification(door.env, model, arch),
            "offset": 0,
            "order": "",
            "limit": views.LIMIT,
            "count_limit": views.COUNT_LIMIT,
            "context": {"bin_size": True},
        }

    def _fill(self, door):
        """The tickets, once, and a user who may read them all."""
        env = door.superuser()
        user = env["res.users"].browse(door.env.uid)
        user.group_ids += env.ref("helpdesk_mgmt.group_helpdesk_manager")
        if env["helpdesk.ticket"].search_count([], limit=TICKETS) != TICKETS:
            stages = env["helpdesk.ticket.stage"].search([])
            customers = env["res.partner"].search([("customer_rank", ">", 0)])
            env.cr.execute("DELETE FROM helpdesk_ticket")
            env.cr.execute(
                FILL,
                {
                    "tickets": TICKETS,
                    "stages": stages.ids,
                    "stage_count": len(stages),
                    "customers": customers.ids,
                    "customer_count": len(customers),
                    "company": user.company_id.id,
                    "uid": user.id,
                },
            )
            env.cr.execute("ANALYZE helpdesk_ticket")
        env.cr.commit()

    def addon(self, door):
        return door.rpc("crm.feedback", "web_search_read", **self.request)

    def peer(self, door):
        return door.rpc("helpdesk.ticket", "web_search_read", **self.request)

    def rows(self, door, way, result):
        """A full page each."""
        return [bool(record["id"]) for record in result["records"]]
