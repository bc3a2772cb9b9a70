from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_partner_key_lookup import Subject
from .partner_key_values import VERSION

KEYS_BATCH = 2000
REVIEW_BATCH = 50
# up to which partner the keys of a living database are there
KEYS_PARAMETER = "crm_custom.partner_keys_up_to"
# the version of `partner_key_values` that they are made with
VERSION_PARAMETER = "crm_custom.partner_keys_version"
# what comes into the list: a mail domain alone or a person's name alone does not
MIN_REVIEW_SCORE = 0.6
# a score that changed by less is the same
SCORE_STEP = 0.005


class CrmPartnerKey(models.Model):
    _inherit = "crm.partner.key"

    @api.model
    def _update_version(self):
        """After an update that compares otherwise, the job makes the keys anew."""
        # sudo: a job's own notes
        parameters = self.env["ir.config_parameter"].sudo()
        made_with = parameters.get_param(VERSION_PARAMETER)
        if made_with == str(VERSION):
            return
        parameters.set_param(VERSION_PARAMETER, VERSION)
        if made_with:
            parameters.set_param(KEYS_PARAMETER, 0)
            job = self.env.ref("crm_custom.ir_cron_crm_partner_keys_setup")
            # sudo: the job is the system's
            job.sudo().active = True

    @api.model
    def _cron_set_up_keys(self):
        """After the install, and after an update that compares otherwise: the keys of
        the partners that are there, once.

        How far it got is saved with each batch; a partner who is saved meanwhile has
        his keys already and gets no second ones. Who fails is logged, and has his keys
        when he is saved next. The job puts itself out at the end.
        """
        cron = self.env["ir.cron"]
        # sudo: a job's own note
        parameters = self.env["ir.config_parameter"].sudo()
        partners = self.env["res.partner"].with_context(active_test=False)
        while True:
            done = int(parameters.get_param(KEYS_PARAMETER, 0))
            batch = partners.search(
                Domain("id", ">", done), order="id", limit=KEYS_BATCH
            )
            if not batch:
                cron._commit_progress(remaining=0, deactivate=True)
                return
            cron._crm_do(
                batch.ids, lambda ids: self._refresh_keys(partners.browse(ids))
            )
            parameters.set_param(KEYS_PARAMETER, batch[-1].id)
            # never 0: how many are left is not worth a count
            if not cron._commit_progress(len(batch), remaining=1):
                return
            self.env.invalidate_all()


class CrmDuplicate(models.Model):
    _inherit = "crm.duplicate"

    @api.model
    def _cron_find_duplicates(self):
        """Compare what is new among the keys with all others, batch by batch.

        What is left to do stands in the keys themselves: whatever stops the job, the
        next run goes on, and what somebody saves meanwhile is new again. A customer
        with whom the comparison fails is logged; he is compared when he changes next.
        """
        cron = self.env["ir.cron"]
        while entity_ids := self._take_unchecked_entities():
            cron._crm_do(entity_ids, self._review)
            if not cron._commit_progress(len(entity_ids), remaining=1):
                return
            self.env.invalidate_all()
        cron._commit_progress(remaining=0)

    @api.model
    def _take_unchecked_entities(self):
        """Mark the next keys as compared; whoever changes them waits for the batch.

        :return: ids of their commercial entities
        """
        query = SQL(
            """
            WITH taken AS (
                    SELECT id, partner_id
                      FROM crm_partner_key
                     WHERE is_checked IS NOT TRUE
                  ORDER BY partner_id
                     LIMIT %s
                FOR UPDATE SKIP LOCKED
                 ), checked AS (
                    UPDATE crm_partner_key AS k SET is_checked = TRUE
                      FROM taken WHERE taken.id = k.id
                 RETURNING k.partner_id
                 )
            SELECT DISTINCT p.commercial_partner_id
              FROM checked JOIN res_partner AS p ON p.id = checked.partner_id
             WHERE p.commercial_partner_id IS NOT NULL
            """,
            # a partner has some five keys
            REVIEW_BATCH * 5,
        )
        return sorted(row[0] for row in self.env.execute_query(query))

    @api.model
    def _review(self, entity_ids):
        """Bring the list up to date for these commercial entities."""
        subjects = self._get_entity_subjects(entity_ids)
        found = self.env["crm.partner.key"]._look_up(subjects, self._get_used_kinds())
        pairs = {}
        for subject, matches in zip(subjects, found, strict=True):
            for match in matches:
                if match.score >= MIN_REVIEW_SCORE:
                    pair = sorted((subject.entity_id, match.entity_id))
                    pairs[tuple(pair)] = match
        known = self.search(
            Domain("state", "=", "to_review")
            & (
                Domain("partner_a_id", "in", entity_ids)
                | Domain("partner_b_id", "in", entity_ids)
            )
        )
        known.filtered(lambda row: row._get_pair() not in pairs).unlink()
        for row in known.exists():
            match = pairs.pop(row._get_pair())
            if abs(row.score - match.score) > SCORE_STEP:
                row.write({"score": match.score, "kinds": match.kinds})
        self.create(
            [
                {
                    "partner_a_id": pair[0],
                    "partner_b_id": pair[1],
                    "score": match.score,
                    "kinds": match.kinds,
                }
                for pair, match in sorted(pairs.items())
            ]
        )

    @api.model
    def _get_entity_subjects(self, entity_ids):
        """Commercial entities with the keys of all that belongs to them."""
        keys = defaultdict(set)
        self.env["crm.partner.key"]._flush_for_look_up()
        query = SQL(
            """
            SELECT p.commercial_partner_id, k.kind, k.value
              FROM res_partner AS p
              JOIN crm_partner_key AS k ON k.partner_id = p.id
             WHERE p.commercial_partner_id = ANY(%s) AND p.partner_share IS NOT FALSE
            """,
            list(entity_ids),
        )
        for entity_id, kind, value in self.env.execute_query(query):
            keys[entity_id].add((kind, value))
        # sudo: our own companies are no customers
        own_ids = set(self.env["res.company"].sudo().search(Domain.TRUE).partner_id.ids)
        entities = self.env["res.partner"].browse(entity_ids).exists()
        return [
            Subject(
                keys=keys[entity.id] if entity.id not in own_ids else set(),
                entity_id=entity.id,
                company_id=entity.company_id.id,
                is_company=entity.is_company,
            )
            for entity in entities
        ]

    @api.model
    def _get_used_kinds(self):
        """The kinds of keys that at least one company compares."""
        # sudo: the job works for all companies
        policies = [
            company._get_duplicate_policy()
            for company in self.env["res.company"].sudo().search(Domain.TRUE)
        ]
        return {
            kind
            for policy in policies
            for kind, choice in policy.items()
            if choice != "off"
        }
