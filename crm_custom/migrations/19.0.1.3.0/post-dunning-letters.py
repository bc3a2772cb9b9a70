from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What is known of letters from now on, and was to be guessed before.

    Who cancelled a run left letters behind whose e-mail had failed: their items kept
    the level of which nobody was told.
    """
    cr.execute(
        """UPDATE crm_dunning_letter AS letter
              SET is_channel_chosen = TRUE
             FROM crm_dunning_level AS level
            WHERE level.id = letter.level_id AND level.channel <> letter.channel
              AND letter.state IN ('pending', 'left_out')"""
    )
    cr.execute(
        """UPDATE crm_dunning_letter AS letter
              SET is_emptied = TRUE
            WHERE state = 'left_out' AND NOT EXISTS (
                SELECT FROM crm_dunning_line AS line
                 WHERE line.letter_id = letter.id AND line.kind = 'item')"""
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    letters = env["crm.dunning.letter"].search(
        [
            ("state", "=", "cancelled"),
            ("line_ids.is_counted", "=", True),
            ("mail_mail_id.state", "!=", "sent"),
        ]
    )
    if letters:
        letters.state = "failed"
        letters._take_back(env._("The run was cancelled."))
