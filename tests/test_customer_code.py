"""The customer code: drawn on first need, unique among customers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import ValidationError

from .common import CrmCustomCase


class CustomerCodeCase(CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sequence = cls.env.ref("crm_custom.ir_sequence_crm_customer_code")
        cls.company_b = cls.env["res.company"].create({"name": "Company B"})

    def _next_number(self):
        return self.sequence.number_next_actual

    def _code(self, number):
        return f"C{number:06d}"

    def _insert_customer(self, ref, **columns):
        """A customer as old data has them: past the ORM and its checks."""
        partner = self._create_partner(is_company=True)
        self.env.flush_all()
        columns = {"is_crm_customer": True, "ref": ref, **columns}
        assignments = ", ".join(f"{name} = %s" for name in columns)
        self.env.cr.execute(
            f"UPDATE res_partner SET {assignments} WHERE id = %s",
            [*columns.values(), partner.id],
        )
        partner.invalidate_recordset()
        return partner


class TestCustomerCode(CustomerCodeCase):
    def test_new_customers_get_the_next_codes(self):
        number = self._next_number()
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_crm_customer": True} for n in range(3)]
        )
        self.assertEqual(
            customers.mapped("ref"), [self._code(number + n) for n in range(3)]
        )

    def test_only_customers_get_one(self):
        number = self._next_number()
        partner = self._create_partner()
        self.assertFalse(partner.ref)
        self.assertEqual(self._next_number(), number)
        partner.is_crm_customer = True
        self.assertEqual(partner.ref, self._code(number))

    def test_given_code_is_kept(self):
        number = self._next_number()
        self.assertEqual(self._create_customer(ref=" A-1 ").ref, "A-1")
        partner = self._create_partner(ref="A-2")
        partner.is_crm_customer = True
        self.assertEqual(partner.ref, "A-2")
        self.assertEqual(self._next_number(), number)

    def test_used_codes_are_passed_over(self):
        number = self._next_number()
        self._create_customer(ref=self._code(number))
        self._create_customer(ref=self._code(number + 2))
        self.assertEqual(self._create_customer().ref, self._code(number + 1))
        self.assertEqual(self._create_customer().ref, self._code(number + 3))

    def test_used_block_of_codes_is_passed_over(self):
        number = self._next_number()
        self.env["res.partner"].create(
            [
                {"name": "Old", "is_crm_customer": True, "ref": self._code(number + n)}
                for n in range(50)
            ]
        )
        self.assertGreaterEqual(self._create_customer().ref, self._code(number + 50))

    def test_code_given_in_the_same_batch_is_passed_over(self):
        code = self._code(self._next_number())
        customers = self.env["res.partner"].create(
            [
                {"name": "Without", "is_crm_customer": True},
                {"name": "With", "is_crm_customer": True, "ref": code},
            ]
        )
        self.assertEqual(customers[1].ref, code)
        self.assertNotEqual(customers[0].ref, code)

    def test_company_may_give_no_codes(self):
        self.env.company.crm_customer_code_auto = False
        self.assertFalse(self._create_customer().ref)
        in_b = self._create_customer(company_id=self.company_b.id)
        self.assertTrue(in_b.ref)

    def test_missing_sequence_stops_nobody(self):
        self.sequence.unlink()
        self.assertFalse(self._create_customer().ref)

    def test_company_s_own_sequence_comes_first(self):
        self.sequence.copy(
            {"prefix": "B", "company_id": self.company_b.id, "code": self.sequence.code}
        )
        in_b = self._create_customer(company_id=self.company_b.id)
        self.assertEqual(in_b.ref, "B000001")
        self.assertEqual(self._create_customer().ref[0], "C")

    def test_sequence_by_date_and_without_gap(self):
        for values in (
            {"implementation": "no_gap", "prefix": "N"},
            {"implementation": "standard", "use_date_range": True, "prefix": "D%(y)s"},
        ):
            with self.subTest(values):
                self.sequence.write(values)
                customers = self.env["res.partner"].create(
                    [{"name": "New", "is_crm_customer": True} for _n in range(3)]
                )
                codes = customers.mapped("ref")
                self.assertEqual(len(set(codes)), 3)
                self.assertTrue(all(code[0] == values["prefix"][0] for code in codes))

    def test_codes_of_a_hundred_cost_the_queries_of_ten(self):
        def cost(count):
            before = self.env.cr.sql_log_count
            self.env["res.partner"].create(
                [
                    {"name": f"Customer {n}", "is_crm_customer": True}
                    for n in range(count)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(10)
        self.assertEqual(cost(10), cost(100))

    def test_copied_customer_gets_a_new_code(self):
        customer = self._create_customer(ref="A-1")
        duplicate = customer.copy()
        self.assertTrue(duplicate.is_crm_customer)
        self.assertTrue(duplicate.ref)
        self.assertNotEqual(duplicate.ref, "A-1")
        self.assertEqual(customer.copy({"ref": "A-2"}).ref, "A-2")
        self.assertEqual(self._create_partner(ref="V-1").copy().ref, "V-1")


class TestCustomerCodeUnique(CustomerCodeCase):
    def test_refused_with_both_names(self):
        self._create_customer(name="Azure", ref="A-1")
        message = "A-1 of Gemini is the code of Azure already"
        with self.assertRaisesRegex(ValidationError, message):
            self._create_customer(name="Gemini", ref=" A-1 ")
        gemini = self._create_customer(name="Gemini", ref="a-1")
        with self.assertRaisesRegex(ValidationError, message):
            gemini.ref = "A-1"

    def test_refused_within_one_batch(self):
        with self.assertRaisesRegex(ValidationError, "is the code of"):
            self.env["res.partner"].create(
                [
                    {"name": name, "is_crm_customer": True, "ref": "A-1"}
                    for name in ("Azure", "Gemini")
                ]
            )

    def test_archived_customers_count(self):
        self._create_customer(ref="A-1", active=False)
        with self.assertRaises(ValidationError):
            self._create_customer(ref="A-1")

    def test_others_do_not_count(self):
        self._create_partner(ref="A-1")
        customer = self._create_customer(ref="A-1")
        self._create_contact(customer, ref="A-1")
        self.assertFalse(customer.has_duplicate_ref)

    def test_becoming_a_customer_by_hand_is_checked(self):
        self._create_customer(ref="A-1")
        partner = self._create_partner(ref="A-1")
        with self.assertRaises(ValidationError):
            partner.is_crm_customer = True

    def test_company_s_own_and_shared_together(self):
        company_a = self.env.company
        a, b = {"company_id": company_a.id}, {"company_id": self.company_b.id}
        self._create_customer(ref="A-1", **a)
        in_b = self._create_customer(ref="A-1", **b)
        self.assertFalse(in_b.has_duplicate_ref)
        with self.assertRaises(ValidationError):
            self._create_customer(ref="A-1")
        with self.assertRaises(ValidationError):
            in_b.company_id = False
        with self.assertRaises(ValidationError):
            in_b.company_id = company_a
        self._create_customer(ref="S-1")
        with self.assertRaises(ValidationError):
            self._create_customer(ref="S-1", **b)

    def test_name_that_the_user_may_not_read_is_not_told(self):
        self._create_customer(name="Secret", ref="A-1", company_id=self.company_b.id)
        customers = self.env["res.partner"].with_user(self.user_sales_manager)
        with self.assertRaises(ValidationError) as caught:
            customers.create({"name": "Mine", "is_crm_customer": True, "ref": "A-1"})
        self.assertNotIn("Secret", str(caught.exception))
        self.assertIn("another customer", str(caught.exception))

    def test_a_code_that_was_given_up_is_free(self):
        first = self._create_customer(ref="A-1")
        second = self._create_customer(ref="A-2")
        first.ref = "A-3"
        second.ref = "A-1"
        first.unlink()
        self._create_customer(ref="A-3")

    def test_duplicates_of_old_data_are_listed_and_stay_editable(self):
        twins = self._insert_customer(" A-1") | self._insert_customer("A-1 ")
        alone = self._create_customer(ref="A-2")
        customers = twins | alone
        self.assertEqual(customers.mapped("has_duplicate_ref"), [True, True, False])
        search = self.env["res.partner"].search
        domain = [("id", "in", customers.ids)]
        listed = ("has_duplicate_ref", "=", True)
        self.assertEqual(search([*domain, listed]), twins)
        self.assertEqual(search([*domain, "!", listed]), alone)
        twins[0].write({"phone": "+32 470 12 34 56", "ref": twins[0].ref})
        twins[0].ref = "A-3"
        customers.invalidate_recordset(["has_duplicate_ref"])
        self.assertFalse(any(customers.mapped("has_duplicate_ref")))

    def test_order_is_not_refused_for_a_code_used_twice(self):
        customer = self._create_customer(ref="A-1")
        buyer = self._create_partner(is_company=True, ref="A-1")
        order = self._create_order(buyer, confirm=True)
        self.assertEqual(order.state, "sale")
        self.assertTrue(buyer.is_crm_customer)
        self.assertTrue(customer.has_duplicate_ref and buyer.has_duplicate_ref)

    def test_client_cannot_switch_the_check_off(self):
        customer = self._create_customer(ref="A-1")
        for forged in (True, customer.ids, [0], {"ids": customer.ids}):
            with self.subTest(forged), self.assertRaises(ValidationError):
                self.env["res.partner"].with_context(crm_unchecked_codes=forged).create(
                    {"name": "Forger", "is_crm_customer": True, "ref": "A-1"}
                )

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["A", "a", " A", "B", "B ", "客户 1"]),
                st.sampled_from([None, "own", "other"]),
                st.booleans(),
            ),
            max_size=6,
        )
    )
    def test_no_two_customers_ever_share_a_code(self, wanted):
        companies = {
            None: False,
            "own": self.env.company.id,
            "other": self.company_b.id,
        }
        accepted = []
        savepoint = self.env.cr.savepoint()
        for ref, company, active in wanted:
            clash = any(
                other_ref == ref.strip()
                and (other == company or None in (other, company))
                for other_ref, other in accepted
            )
            try:
                with self.env.cr.savepoint():
                    self._create_customer(
                        ref=ref, company_id=companies[company], active=active
                    )
            except ValidationError:
                self.assertTrue(clash, f"{ref!r} refused beside {accepted}")
            else:
                self.assertFalse(clash, f"{ref!r} accepted beside {accepted}")
                accepted.append((ref.strip(), company))
        savepoint.close(rollback=True)
        self.env.invalidate_all()
