from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

from . import partner_key_values as values

# How sure each kind alone makes that two are one; several add up.
WEIGHTS = {
    "vat": 0.95,
    "registry": 0.9,
    "email": 0.85,
    "phone": 0.7,
    "website": 0.6,
    "domain": 0.5,
    "name": 0.8,
}
# two people may well have one name, two companies hardly
PERSON_NAME_WEIGHT = 0.4
# a short name that a longer one begins with: 华为, 华为技术
SHORT_NAME_SIMILARITY = 0.7
# of pg_trgm: below it two names are different ones
NAME_SIMILARITY = 0.4
# so many hits of one key are looked at: a key of more partners proves little
MAX_HITS = 20


@dataclass
class Subject:
    """Whom somebody may be: a partner or lead, saved or not.

    ``entity_id`` is its own commercial entity, which it is never compared with.
    """

    keys: set
    entity_id: int = 0
    company_id: int = 0
    is_company: bool = True


@dataclass
class Match:
    """A commercial entity that may be the same: by which keys, and how sure."""

    entity_id: int
    is_company: bool
    kinds: dict = field(default_factory=dict)  # kind -> similarity, 1 when equal

    def drop_implied(self):
        """One address or web site is one domain as well: it does not count twice."""
        if self.kinds.keys() & {"email", "website"}:
            self.kinds.pop("domain", None)

    @property
    def score(self):
        doubt = 1
        for kind, similarity in self.kinds.items():
            weight = WEIGHTS[kind]
            if kind == "name" and not self.is_company:
                weight = PERSON_NAME_WEIGHT
            doubt *= 1 - weight * similarity
        return 1 - doubt


class CrmPartnerKey(models.Model):
    _inherit = "crm.partner.key"

    @api.model
    def _look_up(self, subjects, kinds, company_ids=None):
        """Who each of these subjects may be: two queries for any number of them.

        A company's own customers are compared with each other and with the shared
        ones. Left out are colleagues, our own companies, and pairs of which somebody
        has said that they are two.

        :param kinds: the kinds of keys to compare
        :param company_ids: whose own customers may be told; None means all, for jobs
        :return: for each subject a list of `Match`, the surest first
        """
        wanted = self._get_wanted(subjects, kinds)
        found = [{} for _subject in subjects]
        if wanted:
            self._flush_for_look_up()
            self.env.cr.execute(
                SQL(
                    "SELECT set_config('pg_trgm.similarity_threshold', %s, TRUE)",
                    str(NAME_SIMILARITY),
                )
            )
            query = self._get_look_up_sql(subjects, wanted, company_ids)
            for row in self.env.execute_query(query):
                no, kind, entity_id, is_company, similarity = row
                match = found[no].setdefault(
                    entity_id,
                    Match(entity_id, bool(is_company and subjects[no].is_company)),
                )
                match.kinds[kind] = max(similarity, match.kinds.get(kind, 0))
        for matches in found:
            for match in matches.values():
                match.drop_implied()
        return [
            sorted(matches.values(), key=lambda match: (-match.score, match.entity_id))
            for matches in found
        ]

    @api.model
    def _get_wanted(self, subjects, kinds):
        """What to look for: (number of the subject, how, kind, value)."""
        public = self.env["crm.public.domain"]._get_domains()
        wanted = []
        for no, subject in enumerate(subjects):
            for kind, value in subject.keys:
                if kind not in kinds or (kind == "domain" and value in public):
                    continue
                wanted.append((no, "equal", kind, value))
                if kind != "name" or not subject.is_company:
                    continue
                if values.is_short(value):
                    wanted.append((no, "start", kind, value))
                elif self.env.registry.has_trigram:
                    how = "near_pairs" if values.is_pairs(value) else "near"
                    wanted.append((no, how, kind, value))
                for start in values.short_starts(value):
                    wanted.append((no, "short", kind, start))
        return wanted

    @api.model
    def _flush_for_look_up(self):
        self.env["res.partner"].flush_model(
            ["commercial_partner_id", "company_id", "is_company", "partner_share"]
        )
        self.env["res.company"].flush_model(["partner_id"])
        self.env["crm.duplicate"].flush_model()

    @api.model
    def _get_look_up_sql(self, subjects, wanted, company_ids):
        numbers, hows, kinds, key_values = (
            list(column) for column in zip(*wanted, strict=True)
        )
        similarity = SQL("similarity(k.value, w.value)::float")
        equal = self._get_hits_sql(
            SQL("k.kind = w.kind AND k.value = w.value"),
            SQL("k.partner_id"),
            company_ids,
        )
        # a longer name goes on after a space, which stands before ! in every order
        start = self._get_hits_sql(
            SQL(
                "k.kind = 'name' AND k.value ~>=~ (w.value || ' ')"
                " AND k.value ~<~ (w.value || '!')"
            ),
            # in the order of the index: thousands may begin with two signs
            SQL("k.value USING ~<~, k.partner_id"),
            company_ids,
        )
        near = self._get_hits_sql(
            SQL("k.kind = 'name' AND k.value %% w.value"),
            SQL("%s DESC, k.partner_id", similarity),
            company_ids,
            similarity,
        )
        # of pairs: how many of both names' they share, for names are short
        shared = SQL("2 * hit.similarity / (1 + hit.similarity)")
        short = SQL("%s::float", SHORT_NAME_SIMILARITY)
        # only what is asked for: to plan the statement takes longer than to run it
        ways = {
            "equal": (equal, SQL("1.0::float")),
            "short": (equal, short),
            "start": (start, short),
            "near": (near, SQL("hit.similarity")),
            "near_pairs": (near, shared),
        }
        return SQL(
            """
            WITH subject (no, company_id, others) AS (
                    SELECT (ordinality - 1)::int, company_id,
                           ARRAY(SELECT partner_id FROM res_company)
                           || ARRAY(
                                SELECT d.partner_a_id + d.partner_b_id - s.entity_id
                                  FROM crm_duplicate AS d
                                 WHERE d.state = 'distinct'
                                   AND (d.partner_a_id = s.entity_id
                                        OR d.partner_b_id = s.entity_id)
                              )
                           || s.entity_id
                      FROM unnest(%(entities)s::int[], %(companies)s::int[])
                           WITH ORDINALITY AS s (entity_id, company_id, ordinality)
                 ),
                 wanted AS (
                    SELECT w.*, s.others, s.company_id
                      FROM unnest(
                            %(numbers)s::int[], %(hows)s::text[],
                            %(kinds)s::text[], %(values)s::text[]
                           ) AS w (no, how, kind, value)
                      JOIN subject AS s USING (no)
                 )
            %(ways)s
            """,
            entities=[subject.entity_id or 0 for subject in subjects],
            companies=[subject.company_id or 0 for subject in subjects],
            numbers=numbers,
            hows=hows,
            kinds=kinds,
            values=key_values,
            ways=SQL(" UNION ALL ").join(
                SQL(
                    """
                    SELECT w.no, w.kind, hit.entity_id, hit.is_company, %(weight)s
                      FROM wanted AS w CROSS JOIN LATERAL (%(hits)s) AS hit
                     WHERE w.how = %(how)s AND (hit.is_company OR w.how = 'equal')
                    """,
                    weight=weight,
                    hits=hits,
                    how=how,
                )
                for how, (hits, weight) in ways.items()
                if how in hows
            ),
        )

    @api.model
    def _get_hits_sql(self, condition, order, company_ids, similarity=None):
        """Those whose key fits, at most `MAX_HITS`, of other entities than mine."""
        may_be_told = SQL("TRUE")
        if company_ids is not None:
            may_be_told = SQL("e.company_id = ANY(%s)", list(company_ids))
        return SQL(
            """
            SELECT e.id AS entity_id, e.is_company, %(similarity)s AS similarity
              FROM crm_partner_key AS k
              JOIN res_partner AS p ON p.id = k.partner_id
              JOIN res_partner AS e ON e.id = p.commercial_partner_id
             WHERE %(condition)s
               AND e.id != ALL(w.others)
               AND p.partner_share IS NOT FALSE
               AND (e.company_id IS NULL OR %(may_be_told)s)
               AND (
                    e.company_id IS NULL
                    OR w.company_id = 0
                    OR e.company_id = w.company_id
               )
          ORDER BY %(order)s
             LIMIT %(limit)s
            """,
            similarity=similarity or SQL("1.0::float"),
            condition=condition,
            may_be_told=may_be_told,
            order=order,
            limit=MAX_HITS,
        )
