"""What a letter says: its placeholders, its items by currency, how to pay."""

from odoo import api, fields, models
from odoo.tools.misc import format_date

#: what the text of a level may name without being a template editor
PLACEHOLDERS = (
    "object.subject",
    "object.contact_name",
    "object.customer_name",
    "object.company_name",
    "object.sender_name",
    "object.amount_text",
    "object.deadline_text",
    "object.date_text",
    "object.days_overdue",
)


class CrmDunningLetter(models.Model):
    _inherit = "crm.dunning.letter"

    subject = fields.Char(compute="_compute_texts")
    text = fields.Html(compute="_compute_texts", sanitize=False)
    items_html = fields.Html(
        compute="_compute_items_html",
        sanitize=False,
        export_string_translation=False,
        groups=fields.NO_ACCESS,
    )
    contact_name = fields.Char(compute="_compute_words")
    customer_name = fields.Char(compute="_compute_words")
    company_name = fields.Char(compute="_compute_words")
    sender_name = fields.Char(compute="_compute_words")
    amount_text = fields.Char(string="Amount due by currency", compute="_compute_words")
    deadline_text = fields.Char(compute="_compute_words")
    date_text = fields.Char(compute="_compute_words")
    contact_email = fields.Char(
        compute="_compute_words", export_string_translation=False
    )
    copy_email = fields.Char(compute="_compute_words", export_string_translation=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (*super().mail_allowed_qweb_expressions(), *PLACEHOLDERS)

    @api.depends("level_id", "line_ids", "contact_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        """The text of the level in the language of the environment."""
        self.subject = self.text = False
        for level, letters in self.grouped("level_id").items():
            if not level:
                continue
            # sudo: the text of a level, told to whoever may read its letters
            level = level.sudo().with_context(lang=self.env.lang)
            subjects = level._render_field("subject", letters.ids)
            texts = level._render_field("body", letters.ids)
            for letter in letters:
                letter.subject = subjects[letter.id]
                letter.text = texts[letter.id]

    @api.depends("line_ids", "contact_id", "date_sent", "level_id")
    @api.depends_context("lang")
    def _compute_words(self):
        for letter in self:
            # sudo: the names and the address alone of who is written to, by whom
            person = letter.contact_id.sudo() or letter.partner_id.sudo()
            run = letter.sudo().run_id
            letter.contact_name = person.name or letter.partner_id.sudo().name
            letter.contact_email = person.email_formatted
            letter.customer_name = letter.partner_id.sudo().name
            letter.company_name = run.company_id.name
            letter.sender_name = run.user_id.name
            letter.amount_text = " + ".join(
                currency.format(amount)
                for currency, _lines, amount in letter._get_sections()
            )
            day = letter.date_sent or run.date
            letter.date_text = format_date(self.env, day)
            letter.deadline_text = format_date(
                self.env, letter.date_deadline_pay or letter._get_deadline(day)
            )
            # sudo: who gets a copy stands on the customer and on the level
            salesperson = letter.partner_id.sudo().user_id
            letter.copy_email = (
                letter.level_id.sudo().copy_salesperson
                and salesperson.active
                and salesperson != run.user_id
                and salesperson.email_formatted
            )

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_items_html(self):
        """The items with their links: for the e-mail alone, since whoever has a link
        sees the invoice.
        """
        for letter in self:
            letter.items_html = self.env["ir.qweb"]._render(
                "crm_custom.mail_crm_dunning_items",
                {
                    "sections": letter._get_sections(),
                    "links": letter._get_pay_links(),
                    "is_paid_online": letter._is_paid_online(),
                    "format_date": lambda day: format_date(self.env, day),
                },
            )

    def _is_paid_online(self):
        return (
            self.env["crm.statement"]
            .with_company(self.company_id[:1])
            ._is_paid_online()
        )

    def _get_deadline(self, day):
        # sudo: the days alone
        return fields.Date.add(day, days=self.level_id.sudo().pay_days)

    def _get_sections(self):
        """[(currency, lines in the order of their due dates, amount due)]: the
        company's currency first.
        """
        self.ensure_one()
        # sudo: the items of a letter that may be read
        lines = self.sudo().line_ids.filtered(lambda line: line.kind != "excluded")
        sections = []
        for currency, some in lines.grouped("currency_id").items():
            some = some.sorted(
                lambda line: (line.amount < 0, line.date_maturity, line.id)
            )
            amount = currency.round(sum(some.mapped("amount")))
            sections.append((currency.with_env(self.env), some, amount))
        own = self.company_id.currency_id
        return sorted(sections, key=lambda part: (part[0] != own, part[0].id))

    def _get_pay_links(self):
        """{invoice id: address of its page in the portal}, which asks for payment where
        the company takes payments online.

        The address opens the page without a login, as the links of Odoo's invoices do.
        """
        # sudo: an invoice makes its token itself, for whoever sends it
        moves = (
            self.sudo().item_ids.filtered(lambda line: line.kind != "credit").move_id
        )
        is_paid_online = self._is_paid_online()
        links = {}
        for move in moves.filtered(lambda move: move.is_sale_document()):
            path = move.get_portal_url(
                query_string="&payment=True" if is_paid_online else None,
                anchor="portal_pay" if is_paid_online else None,
            )
            links[move.id] = f"{move.get_base_url()}{path}"
        return links
