"""Who a customer may be whose name is being typed, among all partners."""

from dataclasses import dataclass

from odoo.addons.crm_custom.models import partner_key_values as values
from odoo.addons.crm_custom.models.crm_partner_key_lookup import (
    MAX_HITS,
    NAME_SIMILARITY,
    SHORT_NAME_SIMILARITY,
    Subject,
)

from benchmarks.figures import Aim
from benchmarks.work import Work

CHUNK = 50_000


@dataclass
class DuplicateLookUp(Work):
    """``kind`` says what kind of name: one of the data set with a slip of the pen, or a
    Chinese name's first two signs, which trigrams cannot find.
    """

    name = "duplicates/look-up"
    title = "who a customer may be, from his name alone"
    aims = (Aim("queries", 2), Aim("floor", 3))
    # its keys are filled in a copy
    spends = ("data",)
    kind: str = "slip"

    @classmethod
    def pieces(cls, door):
        return [cls(kind="slip"), cls(kind="short")]

    def label(self):
        return f"{self.name}/{self.kind}"

    def prepare(self, door):
        (entities,) = door.sql(
            "SELECT count(*) FROM res_partner WHERE commercial_partner_id = id"
        )[0]
        (names,) = door.sql("SELECT count(*) FROM crm_partner_key WHERE kind = 'name'")[
            0
        ]
        if names < entities / 2:
            self._fill(door)
        condition = "length(k.value) BETWEEN 14 AND 24 AND k.value ~ '^[a-z ]+$'"
        if self.kind == "short":
            condition = "k.value ~ '^[一-龥]{2} [一-龥]{2} [一-龥]{2}'"
        (name,) = door.sql(
            "SELECT k.value FROM crm_partner_key k JOIN res_partner p"
            " ON p.id = k.partner_id AND p.is_company AND p.is_crm_customer"
            f" WHERE k.kind = 'name' AND {condition} ORDER BY k.partner_id LIMIT 1"
        )[0]
        if self.kind == "short":
            self.key = name.split()[0]
        else:
            self.key = name[:5] + name[6:]
        self.subject = {("name", self.key)}

    def _fill(self, door):
        """As the job after the install does, in larger steps: names and addresses."""
        cr = door.env.cr
        cr.execute("DELETE FROM crm_partner_key")
        partners = door.sql(
            "SELECT id, name, email, commercial_partner_id = id FROM res_partner"
        )
        rows = []
        for partner_id, name, email, is_entity in partners:
            found = {("email", address) for address in values.email_keys(email)}
            if is_entity:
                found.add(("name", values.name_key(name)))
            rows += [(partner_id, kind, value) for kind, value in found if value]
        for start in range(0, len(rows), CHUNK):
            columns = zip(*rows[start : start + CHUNK], strict=True)
            cr.execute(
                "INSERT INTO crm_partner_key (partner_id, kind, value)"
                " SELECT * FROM unnest(%s::int[], %s::text[], %s::text[])",
                [list(column) for column in columns],
            )
        cr.commit()
        cr.execute("ANALYZE crm_partner_key")
        cr.commit()

    def addon(self, door):
        matches = door.env["crm.partner.key"]._look_up(
            [Subject(keys=self.subject)], {"name"}, door.env.companies.ids
        )[0]
        return [(m.entity_id, round(m.kinds["name"], 4)) for m in matches]

    def floor(self, door):
        door.sql(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, TRUE)",
            (str(NAME_SIMILARITY),),
        )
        others = """
              FROM crm_partner_key k
              JOIN res_partner p ON p.id = k.partner_id
             WHERE k.kind = 'name'
               AND p.partner_share IS NOT FALSE
               AND (p.company_id IS NULL OR p.company_id = ANY(%(companies)s))
               AND p.id NOT IN (SELECT partner_id FROM res_company)
        """
        short = f"""
            (SELECT p.id, %(short)s::float {others}
                AND k.value ~>=~ %(from)s AND k.value ~<~ %(to)s
              ORDER BY k.value USING ~<~, k.partner_id LIMIT {MAX_HITS})
        """
        near = f"""
            (SELECT p.id, similarity(k.value, %(key)s) {others} AND k.value %% %(key)s
              ORDER BY 2 DESC, p.id LIMIT {MAX_HITS})
        """
        rows = door.sql(
            f"(SELECT p.id, 1.0::float {others} AND k.value = %(key)s"
            f" ORDER BY p.id LIMIT {MAX_HITS})"
            f" UNION ALL {short if values.is_short(self.key) else near}",
            {
                "key": self.key,
                "from": f"{self.key} ",
                "to": f"{self.key}!",
                "short": SHORT_NAME_SIMILARITY,
                "companies": door.env.companies.ids,
            },
        )
        return [(id_, round(similarity, 4)) for id_, similarity in rows]

    def rows(self, door, way, result):
        companies = {
            row[0]
            for row in door.sql(
                "SELECT id FROM res_partner WHERE is_company AND id = ANY(%s)",
                ([row[0] for row in result],),
            )
        }
        best = {}
        for entity_id, similarity in result:
            if entity_id in companies:
                best[entity_id] = max(similarity, best.get(entity_id, 0))
        return sorted(best.items())
