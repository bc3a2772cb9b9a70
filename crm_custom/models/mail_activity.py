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
        """Who these activities are with; asks once a model, not once an activity.

        :return: {activity id: values of the entry in the contact log: ``partner_id``,
            and where they are known ``contact_id``, ``lead_id``, ``order_id``}, all
            ids; an activity that is with no customer is not in it
        """
        parties = {}
        fields_of_model = self._get_contact_documents()
        for model_name, activities in self.grouped("res_model").items():
            if model_name not in fields_of_model:
                continue
            field_name = fields_of_model[model_name]
            documents = self.env[model_name].browse(activities.mapped("res_id"))
            # a document may have been deleted by SQL
            documents = documents.exists()
            people = documents if not field_name else documents.partner_id
            external = people._filter_contacts_to_log()
            for activity in activities:
                document = documents.browse(activity.res_id)
                if document not in documents:
                    continue
                person = document if not field_name else document.partner_id
                if person not in external:
                    continue
                customer = person.commercial_partner_id
                parties[activity.id] = {
                    "partner_id": customer.id,
                    "contact_id": person != customer and person.id,
                }
                if field_name:
                    parties[activity.id][field_name] = document.id
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
