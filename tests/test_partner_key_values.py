"""What is compared of a partner: any spelling of one thing gives one value."""

import hashlib
import random

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_custom.models import partner_key_values as values
from odoo.addons.crm_custom.models.partner_sign_variants import SIMPLIFIED

ROUNDS = 400
NAMES = (
    "Haoyu Electronics",
    "Brandner Maschinenbau",
    "Étoile du Nord",
    "Ромашка",
    "杭州邻家家居",
    "华为技术",
    "トヨタ自動車",
    "삼성전자",
    "3M中国",
    "Søndergård Træ",
)
LATIN_FORMS = (
    "Co., Ltd.",
    "GmbH",
    "GmbH & Co. KG",
    "Inc.",
    "S.A.",
    "S.à r.l.",
    "Sp. z o.o.",
    "s.r.o.",
    "S.A. de C.V.",
    "B.V.",
    "LLC",
    "PT",
    "ООО",
    "Group",
)
CHINESE_FORMS = (
    "有限公司",
    "股份有限公司",
    "有限责任公司",
    "集团",
    "集团有限公司",
    "（控股）",
    "有限責任公司",
    "集團",
)
SPACES = (" ", "  ", "\u3000", "\t", "\xa0")
PUNCTUATION = ("", ",", ".", " -", "«", "™", "  ", "・", "!")
# from every script that customers write in, and from none
LETTERS = (
    "aZéßøİıŁ9９Ａ华為限公司集团株式会社がガ한국주Жй'’.-,&()（）㈱\u3000 \u0301ﬁ½²"
)


@tagged("standard", "post_install", "-at_install")
class TestPartnerKeyValues(BaseCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(20261125)

    def _random_text(self):
        return "".join(self.random.choices(LETTERS, k=self.random.randint(0, 14)))

    def _make_noise(self, name, forms):
        """The name with legal forms around it, punctuation, other case and width."""
        parts = [name, *self.random.sample(forms, self.random.randint(0, 3))]
        self.random.shuffle(parts)
        text = "".join(
            part + self.random.choice(PUNCTUATION) + self.random.choice(SPACES)
            for part in parts
        )
        if self.random.random() < 0.5:
            text = self.random.choice((str.upper, str.lower, str.title))(text)
        if self.random.random() < 0.3:
            text = "".join(
                chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text
            )
        return text

    def test_noise_of_any_kind_and_order_is_irrelevant(self):
        for _round in range(ROUNDS):
            name = self.random.choice(NAMES)
            noisy = self._make_noise(name, LATIN_FORMS)
            with self.subTest(noisy):
                self.assertEqual(values.name_key(noisy), values.name_key(name))

    def test_chinese_legal_forms(self):
        for name in ("华为技术", "杭州邻家家居", "北京同仁堂"):
            for form in CHINESE_FORMS:
                for text in (name + form, f"{name} {form}", f"{form}{name}"):
                    with self.subTest(text):
                        self.assertEqual(values.normalise_name(text), name)

    def test_a_branch_is_somebody_else(self):
        self.assertNotEqual(
            values.name_key("华为技术有限公司北京分公司"),
            values.name_key("华为技术有限公司"),
        )

    def test_normal_form_is_its_own_normal_form(self):
        for _round in range(ROUNDS * 5):
            text = self._random_text()
            with self.subTest(text):
                once = values.normalise_name(text)
                self.assertEqual(values.normalise_name(once), once)
                phone = values.phone_key(text, "BE")
                self.assertEqual(values.phone_key(phone, "CN"), phone)
                site = values.website_key(text)
                self.assertEqual(values.website_key(site), site)
                domain = values.web_domain(text)
                self.assertEqual(values.web_domain(domain), domain)

    def test_a_name_of_legal_forms_alone_stays(self):
        for name, expected in (("AB", "ab"), ("公司", "公司"), ("S.A.", "sa")):
            self.assertEqual(values.normalise_name(name), expected)
        self.assertEqual(values.normalise_name(" .,- "), "")
        self.assertEqual(values.normalise_name(False), "")

    def test_names_that_differ_stay_different(self):
        keys = {values.name_key(name) for name in NAMES}
        self.assertEqual(len(keys), len(NAMES))

    def test_traditional_and_simplified_signs_are_one_spelling(self):
        for traditional, simplified in (
            ("華為技術有限責任公司", "华为技术"),
            ("廣東電氣集團總公司", "广东电气"),
            ("台灣積體電路製造股份有限公司", "台湾积体电路制造"),
            ("臺灣積體電路製造", "台湾积体电路制造"),
            ("長榮國際儲運", "长荣国际储运"),
            ("鴻海精密工業", "鸿海精密工业"),
        ):
            with self.subTest(traditional):
                self.assertEqual(values.normalise_name(traditional), simplified)
        table = {chr(key): chr(value) for key, value in SIMPLIFIED.items()}
        self.assertGreater(len(table), 700)
        for traditional, simplified in table.items():
            with self.subTest(traditional):
                self.assertNotIn(simplified, table, "one step, not two")
                # what the standards of both sides know
                traditional.encode("big5hkscs")
                simplified.encode("gb2312")

    def test_pairs_of_signs(self):
        self.assertEqual(values.name_key("华为技术"), "华为 为技 技术")
        self.assertEqual(values.name_key("3M中国有限公司"), "3m 中国")
        self.assertEqual(values.name_key("王"), "王")
        for name, short in (("华为", True), ("同仁堂", True), ("华为技术", False)):
            self.assertEqual(values.is_short(values.name_key(name)), short)
        self.assertEqual(
            values.short_starts(values.name_key("华为技术")), ["华为", "华为 为技"]
        )

    def test_any_spelling_of_a_phone_number(self):
        digits = "0470 12 34 56"
        expected = "+32470123456"
        for _round in range(ROUNDS):
            text = self.random.choice(
                ("0{}", "+32 {}", "0032 {}", "+32 (0) {}", "(0){}")
            ).format(digits[1:])
            text = "".join(
                self.random.choice((" ", "-", ".", "/", ""))
                if char == " " and not text.startswith(("+32 (", "(0"))
                else char
                for char in text
            )
            with self.subTest(text):
                self.assertEqual(values.phone_key(text, "BE"), expected)
        self.assertEqual(values.phone_key("４７０１２３４５６", "BE"), expected)
        self.assertEqual(values.phone_key("+86 755 5550 0123"), "+8675555500123")
        self.assertEqual(values.phone_key("12 34", "BE"), "")
        self.assertEqual(values.phone_key("0000000", "BE"), "")

    def test_numbers_of_registers(self):
        for text in (
            "BE 0477.472.701",
            "be0477472701",
            "0477 472 701",
            "ＢＥ0477472701",
        ):
            self.assertEqual(values.number_key(text, "BE"), "BE:0477472701")
        # the prefix tells the country, and only where it is one
        self.assertEqual(values.number_key("BE0477472701"), "BE:0477472701")
        self.assertEqual(values.number_key("EL123456789", "GR"), "GR:123456789")
        self.assertEqual(
            values.number_key("9144 0300 MA5D-8888-88", "CN"), "CN:91440300MA5D888888"
        )
        self.assertNotEqual(
            values.number_key("12345678", "DK"), values.number_key("12345678", "LU")
        )
        for nothing in ("", False, "N/A", "none", "0000000", "1", "unknown"):
            self.assertEqual(values.number_key(nothing, "BE"), "")

    def test_addresses(self):
        self.assertEqual(
            values.email_keys('"A" <Sales@Acme.COM>, b@acme.com, sales@acme.com'),
            ["sales@acme.com", "b@acme.com"],
        )
        for host, domain in (
            ("acme.com", "acme.com"),
            ("mail.acme.com", "acme.com"),
            ("mail.acme.co.uk", "acme.co.uk"),
            ("www.acme.com.cn", "acme.com.cn"),
            ("localhost", ""),
            ("192.168.1.4", ""),
        ):
            self.assertEqual(values.domain_of(host), domain)
        for url in (
            "https://www.acme.com/",
            "ACME.com",
            "http://acme.com:80/index.html?x=1#y",
        ):
            self.assertEqual(values.website_key(url), "acme.com")
        self.assertEqual(values.website_key("acme.com/En/"), "acme.com/en")
        self.assertEqual(values.website_key("http://[broken"), "")

    def test_a_change_of_the_values_has_a_new_version(self):
        """Keys that are stored must be made anew, else two spellings never meet."""
        spellings = [f"{n} {f}" for n in NAMES for f in LATIN_FORMS + CHINESE_FORMS]
        phones = ("+86 755 8328-6618", "0755 83286618", "030 901820", "(212) 555-0188")
        numbers = ("DE 811.569.869", "91440300MA5DA1234X", "12-3456789")
        mails = ("Li <Li.Na+crm@HaoYu.com.cn>, b@x.co.uk", "a@b.c")
        pages = ("HTTPS://www.Haoyu.com.cn:443/index.html?x#y", "shop.example.co.uk/a/")
        made = [
            [values.name_key(text) for text in spellings],
            [values.phone_key(p, c) for p in phones for c in ("", "CN", "DE", "US")],
            [values.number_key(n, c) for n in numbers for c in ("", "CN", "DE")],
            [values.email_keys(text) for text in mails],
            [(values.website_key(p), values.web_domain(p)) for p in pages],
            sorted(SIMPLIFIED.items()),
        ]
        digest = hashlib.sha256(repr(made).encode()).hexdigest()[:12]
        self.assertEqual(
            (values.VERSION, digest),
            (1, "c9b1f993e7f1"),
            "What is compared has changed: raise VERSION by one, and write it here",
        )
