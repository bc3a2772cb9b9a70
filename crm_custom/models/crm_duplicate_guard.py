from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.service.server import thread_local

from .crm_partner_key import STRONG_KINDS

# below it nothing is said: a person's name alone, a name that is only a little alike
MIN_SHOWN_SCORE = 0.4
MAX_SHOWN = 5
LIKELY, ALMOST_CERTAIN = 0.7, 0.9
# what a user, a form or a program of his calls to save a record, for each guarded model
SAVING_METHODS = {"create", "write", "web_save", "web_save_multi", "name_create"}
GUARDED_MODELS = {"res.partner", "crm.lead"}
OVERRIDE_GROUP = "sales_team.group_sale_manager"
LOAD_KEY = "crm_loaded_by_user"


class LoadedByUser:
    """In the context of what a user imports; no client can put one there."""


class CrmDuplicateGuard(models.AbstractModel):
    """A record that may be of a customer who is there already.

    While it is typed, the form says who it may be (``crm_duplicate_hints``). When it is
    saved by a user, what the company's settings say of the strong keys is refused,
    unless a sales manager gives a reason. What Odoo makes by itself is never refused:
    the job of the review list finds it.
    """

    _name = "crm.duplicate.guard"
    _description = "May be a customer who is there already"

    crm_duplicate_hints = fields.Json(
        string="Possibly the same customer",
        compute="_compute_crm_duplicate_hints",
    )
    crm_duplicate_is_refused = fields.Boolean(
        string="Customer exists already",
        compute="_compute_crm_duplicate_hints",
        export_string_translation=False,
    )
    crm_duplicate_reason = fields.Char(
        string="Reason to save it all the same",
        store=False,
        help="Whoever reads the history of the record sees it, with your name.",
    )

    # ------------------------------------------------------------
    # Hints while typing
    # ------------------------------------------------------------

    def _get_duplicate_subjects(self):
        """Whom each record may be.

        :return: list of `Subject`
        """
        raise NotImplementedError

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_crm_duplicate_hints(self):
        self.crm_duplicate_hints = False
        self.crm_duplicate_is_refused = False
        if not self.env.user._is_internal():
            return
        for company, records in self._group_by_company():
            policy = company._get_duplicate_policy()
            kinds = [kind for kind, choice in policy.items() if choice != "off"]
            found = self.env["crm.partner.key"]._look_up(
                records._get_duplicate_subjects(),
                kinds,
                self._get_told_company_ids(),
            )
            found = [
                [match for match in matches if match.score >= MIN_SHOWN_SCORE]
                for matches in found
            ]
            told = self._get_told_of(match for matches in found for match in matches)
            for record, matches in zip(records, found, strict=True):
                record.crm_duplicate_hints = self._get_hints(matches[:MAX_SHOWN], told)
                record.crm_duplicate_is_refused = any(
                    policy[kind] == "refuse"
                    for match in matches
                    for kind in match.kinds
                )

    def _group_by_company(self):
        return self.grouped(lambda record: record._get_duplicate_company()).items()

    def _get_duplicate_company(self):
        # sudo: the settings of the company are for everybody who saves a customer
        return (self.company_id or self.env.company).sudo()

    @api.model
    def _get_told_company_ids(self):
        # sudo: as Odoo's company rule of partners: a branch sees its parent's
        return self.env.companies.sudo().parent_ids.ids

    @api.model
    def _get_hints(self, matches, told_of):
        """What the banner shows, one line a match, as the user may know it."""
        visible, salespeople = told_of
        lines, told = [], set()
        for match in matches:
            salesperson = salespeople[match.entity_id]
            partner = visible.get(match.entity_id)
            if partner is None:
                # neither who nor why, and once: it exists, and who can be asked
                if salesperson not in told:
                    lines.append({"hidden": True, "salesperson": salesperson})
                told.add(salesperson)
                continue
            lines.append(
                {
                    "id": partner.id,
                    "name": partner.display_name,
                    "archived": not partner.active,
                    "certainty": self._get_certainty(match.score),
                    "reasons": self._get_reasons(match.kinds),
                    "salesperson": salesperson,
                }
            )
        return lines or False

    @api.model
    def _get_told_of(self, matches):
        """The partners that the user may read, and each one's salesperson by name."""
        partners = self.env["res.partner"].browse(match.entity_id for match in matches)
        visible = {partner.id: partner for partner in partners._filtered_access("read")}
        # sudo: whom to ask is told of a hidden customer, too
        salespeople = {
            partner.id: partner.user_id.name or "" for partner in partners.sudo()
        }
        return visible, salespeople

    @api.model
    def _get_certainty(self, score):
        if score >= ALMOST_CERTAIN:
            return self.env._("almost certain")
        if score >= LIKELY:
            return self.env._("likely")
        return self.env._("possible")

    @api.model
    def _get_reasons(self, kinds):
        """By what two are alike: ``same e-mail address, similar name (83 %)``."""
        texts = {
            "vat": self.env._("same tax ID"),
            "registry": self.env._("same registry number"),
            "email": self.env._("same e-mail address"),
            "phone": self.env._("same phone number"),
            "website": self.env._("same web site"),
            "domain": self.env._("same mail or web domain"),
            "name": self.env._("same name"),
        }
        reasons = []
        for kind in texts:
            similarity = kinds.get(kind)
            if similarity is None:
                continue
            if similarity < 1:
                reasons.append(
                    self.env._(
                        "similar name (%(percent)s %%)", percent=round(similarity * 100)
                    )
                )
            else:
                reasons.append(texts[kind])
        return ", ".join(reasons)

    # ------------------------------------------------------------
    # Refusal when a user saves
    # ------------------------------------------------------------

    @api.model
    def load(self, fields, data):
        return super(
            CrmDuplicateGuard, self.with_context(**{LOAD_KEY: LoadedByUser()})
        ).load(fields, data)

    @api.model
    def _is_saved_by_user(self):
        """Whether a user asked for just this, in a form, an import or a call.

        Not what Odoo does as superuser, and not what any other action of a user brings
        about: mail that comes in, a new user or company, a converted lead.
        """
        if self.env.su:
            return False
        if isinstance(self.env.context.get(LOAD_KEY), LoadedByUser):
            return True
        model, _dot, method = getattr(thread_local, "rpc_model_method", "").rpartition(
            "."
        )
        return model in GUARDED_MODELS and method in SAVING_METHODS

    @api.model
    def _take_duplicate_reason(self, vals):
        """Take the reason of an override out of the values: it is not stored there."""
        reason = (vals.pop("crm_duplicate_reason", None) or "").strip()
        if reason and not self.env.su and not self.env.user.has_group(OVERRIDE_GROUP):
            raise AccessError(
                self.env._(
                    "Only a sales manager may save a customer that exists already."
                )
            )
        return reason

    def _refuse_duplicates(self, reasons, keys_before=None):
        """Refuse records of customers who are there already, as the settings say.

        :param reasons: for each record the reason why it is to be saved all the same
        :param keys_before: for each record the keys that it had before: a duplicate
            that is there already keeps nobody from changing something else
        """
        if not self or not self._is_saved_by_user():
            return
        keys_before = keys_before or [set()] * len(self)
        asked = {
            record: (reason, before)
            for record, reason, before in zip(self, reasons, keys_before, strict=True)
        }
        for company, records in self._group_by_company():
            policy = company._get_duplicate_policy()
            kinds = [kind for kind in STRONG_KINDS if policy[kind] == "refuse"]
            if not kinds:
                continue
            subjects = records._get_duplicate_subjects()
            for record, subject in zip(records, subjects, strict=True):
                subject.keys -= asked[record][1]
            found = self.env["crm.partner.key"]._look_up(
                subjects, kinds, self._get_told_company_ids()
            )
            for record, matches in zip(records, found, strict=True):
                if not matches:
                    continue
                if reason := asked[record][0]:
                    record._save_all_the_same(reason, matches)
                else:
                    raise ValidationError(record._get_refusal(matches[0]))

    def _get_refusal(self, match):
        """Why the record is refused, as far as the user may know."""
        visible, salespeople = self._get_told_of([match])
        salesperson = salespeople[match.entity_id]
        partner = visible.get(match.entity_id)
        if partner is None:
            if salesperson:
                return self.env._(
                    "%(record)s: this customer exists already. Ask %(salesperson)s.",
                    record=self.display_name,
                    salesperson=salesperson,
                )
            return self.env._(
                "%(record)s: this customer exists already. Ask your sales manager.",
                record=self.display_name,
            )
        if salesperson:
            return self.env._(
                "%(record)s: this customer exists already as %(other)s (%(reasons)s;"
                " salesperson: %(salesperson)s).",
                record=self.display_name,
                other=partner.display_name,
                reasons=self._get_reasons(match.kinds),
                salesperson=salesperson,
            )
        return self.env._(
            "%(record)s: this customer exists already as %(other)s (%(reasons)s).",
            record=self.display_name,
            other=partner.display_name,
            reasons=self._get_reasons(match.kinds),
        )

    def _save_all_the_same(self, reason, matches):
        """Record that a manager let the record in; who else it may be is not told here:
        others read this history, too.
        """
        kinds = {kind: 1 for match in matches for kind in match.kinds}
        self.message_post(
            body=self.env._(
                "Saved although there is a customer with the %(reasons)s."
                " Reason: %(reason)s",
                reasons=self._get_reasons(kinds),
                reason=reason,
            )
        )
