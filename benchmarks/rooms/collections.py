"""What collections have been about: promises, disputes and the letters of the past.

Of all companies but the first. What a promise covers, and what has waited for its next
letter long enough, the floors of the first company's dunning would have to work out as
the addon does.
"""

MODEL = "crm.promise"
#: of the customers who owe: who has promised to pay, all or two instalments
PROMISING = 0.05
PROMISING_ITEMS = 0.05
#: who has promised before, and how often
KNOWN = 0.25
PROMISES = 5
#: of the open items: what is disputed, and of all that were overdue what was dunned
DISPUTED = 0.02
DUNNED = 0.5

OWED = """
CREATE TEMPORARY TABLE owed AS
SELECT line.id, line.move_id, line.move_name, line.company_id, line.currency_id,
       line.date, COALESCE(line.date_maturity, line.date) AS date_maturity,
       line.debit, line.reconciled,
       contact.commercial_partner_id AS partner_id,
       line.amount_residual_currency AS amount,
       row_number() OVER (
           PARTITION BY contact.commercial_partner_id, line.company_id,
                        line.currency_id, line.reconciled
               ORDER BY line.date_maturity, line.id) AS nth
  FROM account_move_line AS line
  JOIN account_account AS account ON account.id = line.account_id
   AND account.account_type = 'asset_receivable'
  JOIN res_partner AS contact ON contact.id = line.partner_id
 WHERE line.parent_state = 'posted' AND line.debit > 0
   AND line.company_id <> %(company)s;
CREATE TEMPORARY TABLE owing AS
SELECT partner_id, company_id, currency_id, sum(amount) AS amount,
       pg_temp.u(partner_id, 'promise') AS chance
  FROM owed
 WHERE reconciled IS NOT TRUE AND amount > 0
 GROUP BY partner_id, company_id, currency_id;
"""
BEFORE = """
INSERT INTO crm_promise (
       partner_id, company_id, currency_id, user_id, slot, state, date_made,
       date_promised, date_settled, amount, amount_kept, share_kept, has_items,
       create_uid, write_uid)
SELECT partner_id, company_id, currency_id, %(uid)s, 0,
       CASE WHEN kept THEN 'kept' ELSE 'broken' END, made, made + 10, made + 11,
       amount, CASE WHEN kept THEN amount ELSE 0 END, kept::int, FALSE,
       %(uid)s, %(uid)s
  FROM (
    SELECT owing.*, %(today)s::date - 30 * nth AS made,
           pg_temp.u(partner_id * 10 + nth, 'kept') < 0.6 AS kept
      FROM owing, generate_series(2, 1 + %(promises)s) AS nth
     WHERE pg_temp.u(partner_id, 'known') < %(known)s
  ) AS past
"""
#: a promise of all that is owed, or of the two oldest instalments
OPEN = """
INSERT INTO crm_promise (
       partner_id, company_id, currency_id, user_id, slot, state, date_made,
       date_promised, amount, has_items, create_uid, write_uid)
SELECT owing.partner_id, owing.company_id, owing.currency_id, %(uid)s, 0, 'open',
       %(today)s::date - 5, %(today)s::date + 10,
       CASE WHEN chance < %(promising)s THEN owing.amount ELSE oldest.amount END,
       chance >= %(promising)s, %(uid)s, %(uid)s
  FROM owing
  JOIN (
    SELECT partner_id, company_id, currency_id, sum(amount) AS amount
      FROM owed
     WHERE nth <= 2 AND reconciled IS NOT TRUE AND amount > 0
     GROUP BY partner_id, company_id, currency_id
  ) AS oldest USING (partner_id, company_id, currency_id)
 WHERE chance < %(promising)s + %(promising_items)s;
INSERT INTO crm_promise_item (
       promise_id, move_line_id, state, amount, create_uid, write_uid)
SELECT promise.id, owed.id, 'open', owed.amount, %(uid)s, %(uid)s
  FROM crm_promise AS promise
  JOIN owed USING (partner_id, company_id, currency_id)
 WHERE promise.state = 'open' AND promise.has_items AND owed.nth <= 2
   AND owed.reconciled IS NOT TRUE AND owed.amount > 0
"""
DISPUTES = """
INSERT INTO crm_dispute (
       move_line_id, company_id, currency_id, reason_id, user_id, slot, state,
       date_opened, date_until, amount, create_uid, write_uid)
SELECT id, company_id, currency_id, %(reason)s, %(uid)s, 0, 'open',
       %(today)s::date - 5, %(today)s::date + 25, round(amount / 2, 2),
       %(uid)s, %(uid)s
  FROM owed
 WHERE reconciled IS NOT TRUE AND amount > 1
   AND pg_temp.u(id, 'disputed') < %(disputed)s
"""
LETTERS = """
INSERT INTO crm_dunning_run (
       user_id, company_id, state, name, date, is_proposed, create_uid, write_uid)
SELECT %(uid)s, company.id, 'done', 'BN' || company.id, %(today)s::date - 30, TRUE,
       %(uid)s, %(uid)s
  FROM res_company AS company
 WHERE company.id <> %(company)s;
INSERT INTO crm_dunning_line (
       run_id, company_id, partner_id, move_line_id, move_id, currency_id, level_id,
       number, kind, date, date_maturity, date_sent, amount, amount_company,
       days_overdue, is_counted, create_uid, write_uid)
SELECT run.id, run.company_id, owed.partner_id, owed.id, owed.move_id,
       owed.currency_id, level.id, owed.move_name, 'item', owed.date,
       owed.date_maturity, owed.date_maturity + level.days, owed.debit, owed.debit,
       level.days, TRUE, %(uid)s, %(uid)s
  FROM owed
  JOIN crm_dunning_run AS run ON run.name = 'BN' || owed.company_id
  JOIN (
    SELECT DISTINCT ON (company_id) * FROM crm_dunning_level
     ORDER BY company_id, sequence, id
  ) AS level ON level.company_id = owed.company_id
 WHERE owed.date_maturity + level.days < %(today)s
   AND pg_temp.u(owed.id, 'dunned') < %(dunned)s
"""


def fill(env, today):
    """Return the number of promises, disputes and reminders."""
    cr = env.cr
    others = env["res.company"].search([("id", "!=", env.company.id)])
    env["crm.dunning.level"]._provide_for(others)
    env.flush_all()
    for table in ("promise_item", "promise", "dispute", "dunning_line"):
        cr.execute(f"DELETE FROM crm_{table} WHERE create_uid = %s", [env.uid])
    cr.execute("DELETE FROM crm_dunning_run WHERE name LIKE 'BN%'")
    values = {
        "company": env.company.id,
        "uid": env.uid,
        "today": today,
        "reason": env["crm.dispute.reason"].search([], limit=1).id,
        "promising": PROMISING,
        "promising_items": PROMISING_ITEMS,
        "known": KNOWN,
        "promises": PROMISES,
        "disputed": DISPUTED,
        "dunned": DUNNED,
    }
    for statement in (OWED, BEFORE, OPEN, DISPUTES, LETTERS):
        cr.execute(statement, values)
    cr.execute("DROP TABLE owed; DROP TABLE owing")
    made = 0
    for table in ("promise", "dispute", "dunning_line"):
        cr.execute(f"ANALYZE crm_{table}")
        cr.execute(f"SELECT count(*) FROM crm_{table}")
        made += cr.fetchone()[0]
    cr.execute("ANALYZE crm_promise_item")
    return made
