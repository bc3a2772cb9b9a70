from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

# what of an activity moves the next contact of its customer
CONTACT_FIELDS = {"active", "activity_type_id", "date_deadline", "res_id", "res_model"}


class MailActivity(models.Model):
    """Activities with a customer: they plan the next contact.

    An activity is with a customer when its document is one of his people, opportunities
    or orders.
    """

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._refresh_contact_schedule()
        return activities

    def write(self, vals):
        if CONTACT_FIELDS.isdisjoint(vals):
            return super().write(vals)
        customer_ids = self._get_planning_customer_ids()
        result = super().write(vals)
        if vals.get("date_deadline"):
            self._redate_next_steps()
        customer_ids |= self._get_planning_customer_ids()
        self.env["crm.contact.schedule"]._refresh(customer_ids)
        return result

    def unlink(self):
        customer_ids = self._get_planning_customer_ids()
        result = super().unlink()
        self.env["crm.contact.schedule"]._refresh(customer_ids)
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        """A done call, e-mail or meeting with a customer is a contact made."""
        # asked before: a document that is gone takes its activities with it
        contacts = self._prepare_contacts_made(feedback)
        messages, next_activities = super()._action_done(
            feedback=feedback, attachment_ids=attachment_ids
        )
        self._log_contacts_made(contacts, messages)
        return messages, next_activities

    def _prepare_contacts_made(self, feedback):
        """:return: {activity: values of its entry in the contact log}"""
        # sudo: kind and customer of an activity, whoever may read its document
        activities_sudo = self.sudo().filtered(
            lambda activity: (
                activity.active and activity.activity_type_id.interaction_channel_id
            )
        )
        parties = activities_sudo._get_contact_parties()
        log = self.env["crm.interaction"]
        return {
            activity: log._prepare_activity_vals(
                activity, parties[activity.id], feedback
            )
            for activity in activities_sudo
            if activity.id in parties
        }

    def _log_contacts_made(self, contacts, messages):
        # sudo: Odoo's notes on the documents, as above
        waiting = list(messages.sudo())
        for activity, vals in contacts.items():
            message = next(
                (
                    note
                    for note in waiting
                    if (note.model, note.res_id)
                    == (activity.res_model, activity.res_id)
                    and note.mail_activity_type_id == activity.activity_type_id
                ),
                None,
            )
            key = f"mail.activity:{activity.id}"
            if message:
                waiting.remove(message)
                vals["message_id"] = message.id
                key = f"mail.message:{message.id}"
            vals.setdefault("source_key", key)
        self.env["crm.interaction"]._take_in(list(contacts.values()))

    def _redate_next_steps(self):
        """The day of a next step follows its activity, if that is not moved back."""
        today = fields.Date.context_today(self)
        for day, activities in self.filtered("active").grouped("date_deadline").items():
            if day < today:
                continue
            # sudo: whoever may move the activity moves the step that planned it
            steps_sudo = (
                self.env["crm.interaction"]
                .sudo()
                .search(
                    Domain("next_activity_id", "in", activities.ids)
                    & Domain("next_date", "!=", day)
                )
            )
            steps_sudo.write({"next_date": day})

    def _refresh_contact_schedule(self):
        self.env["crm.contact.schedule"]._refresh(self._get_planning_customer_ids())

    def _get_planning_customer_ids(self):
        """The customers whose next contact one of these may be."""
        # sudo: the kind of an activity and whose it is, whoever may read its document
        activities_sudo = self.sudo()
        planning = activities_sudo.filtered("activity_type_id.interaction_channel_id")
        others = activities_sudo - planning
        if others:
            steps = self.env["crm.interaction"].sudo()
            planning |= steps.search(
                [("next_activity_id", "in", others.ids)]
            ).next_activity_id
        parties = planning._get_contact_parties()
        return {party["partner_id"] for party in parties.values()}

    def _get_contact_parties(self):
        return self._get_parties_of_documents(
            {activity.id: (activity.res_model, activity.res_id) for activity in self}
        )

    @api.model
    def _get_parties_of_documents(self, documents_by_key):
        """Who is behind these documents; asks once a model, not once a document.

        :param documents_by_key: {key: (model, id)}
        :return: {key: values of an entry in the contact log: ``partner_id``, and where
            they are known ``contact_id``, ``company_id``, ``lead_id``, ``order_id``},
            all ids; a document that is no customer's is not in it
        """
        parties = {}
        fields_of_model = self._get_contact_documents()
        keys_of_model = defaultdict(list)
        for key, (model_name, _res_id) in documents_by_key.items():
            keys_of_model[model_name].append(key)
        for model_name, keys in keys_of_model.items():
            if model_name not in fields_of_model:
                continue
            field_name = fields_of_model[model_name]
            # sudo: whose a document is, whoever may read it
            documents = (
                self.env[model_name]
                .sudo()
                .browse(documents_by_key[key][1] for key in keys)
            )
            # a deleted document takes its activities along when it is gone already
            document_of = {document.id: document for document in documents.exists()}
            external = documents.browse().concat(*document_of.values())
            external = external.partner_id if field_name else external
            external = external._filter_contacts_to_log()
            for key in keys:
                document = document_of.get(documents_by_key[key][1])
                person = document and (document.partner_id if field_name else document)
                if not person or person not in external:
                    continue
                customer = person.commercial_partner_id
                company = (field_name and document.company_id) or customer.company_id
                parties[key] = {
                    "partner_id": customer.id,
                    "contact_id": person != customer and person.id,
                    "company_id": company.id,
                }
                if field_name:
                    parties[key][field_name] = document.id
        return parties

    @api.model
    def _get_contact_documents(self):
        """{model: field of the contact log that links it}; a later room adds its own.

        Each of the models has a ``partner_id``, but for the partner himself.
        """
        return {"res.partner": None, "crm.lead": "lead_id", "sale.order": "order_id"}

    @api.model
    def _get_open_with_customer(self, customer):
        """The open activities with this customer that the user may read, by day."""
        if not customer:
            return self
        # found by the people of the customer; what the user may not read stays out
        people = Domain("commercial_partner_id", "=", customer.id)
        domain = Domain.FALSE
        for model_name, field_name in self._get_contact_documents().items():
            documents = self.env[model_name]
            with_customer = (
                Domain("partner_id", "any", people) if field_name else people
            )
            if documents.has_access("read"):
                domain |= Domain("res_model", "=", model_name) & Domain(
                    "res_id", "in", documents._search(with_customer)
                )
        return self.search(domain, order="date_deadline, id", limit=50)
