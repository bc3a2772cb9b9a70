from odoo import api, fields, models
from odoo.fields import Domain

# What stands for the category of an activity type, where nobody chose a channel.
CHANNEL_OF_CATEGORY = {
    "phonecall": "crm_custom.crm_interaction_channel_phone",
    "meeting": "crm_custom.crm_interaction_channel_visit",
}


class CrmInteractionChannel(models.Model):
    _name = "crm.interaction.channel"
    _description = "Contact channel"
    _inherit = ["crm.interaction.choice"]

    _chosen_in = "channel_id"

    icon = fields.Char(
        default="fa-comment",
        help="The name of a Font Awesome icon, such as fa-phone.",
    )
    activity_type_ids = fields.One2many(
        "mail.activity.type",
        "interaction_channel_id",
        string="Activity types",
        help="A done activity of one of these types is a contact made by this channel.",
    )


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    interaction_channel_id = fields.Many2one(
        "crm.interaction.channel",
        string="Contact channel",
        index="btree_not_null",
        ondelete="set null",
        compute="_compute_interaction_channel_id",
        store=True,
        readonly=False,
        help="A done activity of this type counts as a contact with the customer, made"
        " by this channel. Empty: it is no contact.",
    )

    @api.depends("category")
    def _compute_interaction_channel_id(self):
        for activity_type in self:
            channel = CHANNEL_OF_CATEGORY.get(activity_type.category)
            if channel and not activity_type.interaction_channel_id:
                # not there yet while the addon is being installed
                activity_type.interaction_channel_id = self.env.ref(
                    channel, raise_if_not_found=False
                )

    def write(self, vals):
        result = super().write(vals)
        if "interaction_channel_id" in vals:
            # sudo: what is planned counts from now on, or no more, whoever may read it
            activities_sudo = self.env["mail.activity"].sudo()
            open_sudo = activities_sudo.search([("activity_type_id", "in", self.ids)])
            parties = open_sudo._get_contact_parties().values()
            self.env["crm.contact.schedule"]._refresh(
                {party["partner_id"] for party in parties}
            )
        return result

    @api.model
    def _set_interaction_channels(self):
        """At the install: the types that Odoo brings, and those of their categories."""
        types = self.with_context(active_test=False).search(Domain.TRUE)
        email = self.env.ref("mail.mail_activity_data_email", raise_if_not_found=False)
        if email:
            email.interaction_channel_id = self.env.ref(
                "crm_custom.crm_interaction_channel_email"
            )
        types._compute_interaction_channel_id()
