"""Customers of the west: how four countries name, address and number them."""

from .locale import Brand, Locale, words

LATIN = Brand(
    letters_1=words(
        "Nor|Bel|Tri|Kas|Lum|Ver|Dor|Gal|Mar|Pol|Sev|Tan|Ost|Rav|Fen|Hal|Jor|Zel"
    ),
    letters_2=words("va|mi|ro|de|lu|na|ti|ko|sa|be|fo|ra"),
    letters_3=words("tek|lis|nor|ven|dex|mar|tal|quo|ris|pol|gen|lux|ton|vik"),
    sound_1=words(
        "nor|bel|tri|kas|lum|ver|dor|gal|mar|pol|sev|tan|ost|rav|fen|hal|jor|zel"
    ),
    sound_2=words("va|mi|ro|de|lu|na|ti|ko|sa|be|fo|ra"),
    sound_3=words("tek|lis|nor|ven|dex|mar|tal|quo|ris|pol|gen|lux|ton|vik"),
)

AMERICA = Locale(
    code="US",
    share=0.3,
    company="{brand} {trade} {legal}",
    person="{given} {family}",
    brand=LATIN,
    trades=words(
        "Trading|Logistics|Foods|Electronics|Textiles|Tools|Furniture|"
        "Medical Supply|Packaging|Print|Hardware|Office Supplies|Motors|Energy|"
        "Hotels|Consulting"
    ),
    legals=words("Inc.|LLC|Corp.|Co.|Ltd."),
    given=words(
        "James|Mary|Robert|Linda|Michael|Susan|David|Karen|Daniel|Nancy|Kevin|"
        "Laura|Brian|Emily"
    ),
    family=words(
        "Smith|Johnson|Williams|Brown|Jones|Miller|Davis|Wilson|Anderson|Taylor|"
        "Moore|Clark|Lewis|Walker"
    ),
    cities=(
        ("New York", "212", "100##", "NY"),
        ("Chicago", "312", "606##", "IL"),
        ("San Francisco", "415", "941##", "CA"),
        ("Boston", "617", "021##", "MA"),
        ("Seattle", "206", "981##", "WA"),
        ("Dallas", "214", "752##", "TX"),
    ),
    address="{number} {street}",
    streets=words(
        "Main Street|Oak Avenue|Park Road|Lake Drive|2nd Street|"
        "Washington Boulevard|Harbor Way|Mill Lane"
    ),
    dial="1",
    trunk="",
    subscriber=words("302|345|478|562|621|739"),
    subscriber_digits=4,
    mobile=words("917302|312478|415621|206345"),
    mobile_digits=4,
    vat="",
    vat_digits=9,
)

GERMANY = Locale(
    code="DE",
    share=0.14,
    company="{brand} {trade} {legal}",
    person="{given} {family}",
    brand=LATIN,
    trades=words(
        "Handel|Logistik|Lebensmittel|Elektronik|Textil|Werkzeugbau|Möbel|"
        "Medizintechnik|Verpackung|Druck|Eisenwaren|Bürobedarf|Fahrzeugteile|"
        "Energie|Hotelbetrieb|Beratung"
    ),
    legals=words("GmbH|AG|GmbH & Co. KG|OHG|KG"),
    given=words(
        "Jürgen|Sabine|Thomas|Petra|Stefan|Andrea|Wolfgang|Claudia|Uwe|Birgit|"
        "Jörg|Anja|Matthias|Käthe"
    ),
    family=words(
        "Müller|Schmidt|Schneider|Fischer|Weber|Meyer|Wagner|Becker|Schäfer|Koch|"
        "Bauer|Richter|Krüger|Groß"
    ),
    cities=(
        ("Berlin", "30", "101##", "DE-BE"),
        ("München", "89", "803##", "DE-BY"),
        ("Hamburg", "40", "200##", "DE-HH"),
        ("Köln", "221", "506##", "DE-NW"),
        ("Frankfurt am Main", "69", "603##", "DE-HE"),
        ("Düsseldorf", "211", "402##", "DE-NW"),
    ),
    address="{street} {number}",
    streets=words(
        "Hauptstraße|Bahnhofstraße|Gartenweg|Schillerstraße|Am Markt|Lindenallee|"
        "Industriestraße|Mühlenweg"
    ),
    dial="49",
    trunk="0",
    subscriber=words("23|34|45|56|67|78"),
    subscriber_digits=6,
    mobile=words("1512|1601|1701|1761"),
    mobile_digits=7,
    vat="DE",
    vat_digits=9,
)

FRANCE = Locale(
    code="FR",
    share=0.1,
    company="{trade} {brand} {legal}",
    person="{given} {family}",
    brand=LATIN,
    trades=words(
        "Négoce|Transports|Alimentation|Électronique|Textiles|Outillage|Meubles|"
        "Matériel médical|Emballages|Imprimerie|Quincaillerie|"
        "Fournitures de bureau|Pièces auto|Énergie|Hôtels|Conseil"
    ),
    legals=words("SARL|SA|SAS|EURL"),
    given=words(
        "Jean|Marie|Philippe|Nathalie|Michel|Isabelle|Alain|Sylvie|Étienne|"
        "Hélène|François|Chloé|René|Zoé"
    ),
    family=words(
        "Martin|Bernard|Dubois|Thomas|Robert|Richard|Petit|Durand|Lefèvre|Moreau|"
        "Garnier|Faure|Gauthier|Noël"
    ),
    cities=(
        ("Paris", "1", "750##", ""),
        ("Lyon", "4", "690##", ""),
        ("Marseille", "4", "130##", ""),
        ("Lille", "3", "590##", ""),
        ("Bordeaux", "5", "330##", ""),
        ("Nantes", "2", "440##", ""),
    ),
    address="{number} {street}",
    streets=words(
        "rue de la République|avenue Victor Hugo|place du Marché|rue des Écoles|"
        "boulevard Gambetta|chemin du Moulin|rue de l'Église|quai de la Gare"
    ),
    dial="33",
    trunk="0",
    subscriber=words("42|45|47|53|56"),
    subscriber_digits=6,
    mobile=words("612|623|634|671"),
    mobile_digits=6,
    vat="FR",
    vat_digits=11,
)

SPAIN = Locale(
    code="ES",
    share=0.08,
    company="{trade} {brand}, {legal}",
    person="{given} {family}",
    brand=LATIN,
    trades=words(
        "Comercial|Logística|Alimentos|Electrónica|Textiles|Herramientas|Muebles|"
        "Suministros Médicos|Embalajes|Imprenta|Ferretería|Papelería|Recambios|"
        "Energía|Hoteles|Consultoría"
    ),
    legals=words("S.L.|S.A.|S.L.U.|S. Coop."),
    given=words(
        "José|María|Antonio|Carmen|Manuel|Ana|Francisco|Dolores|Íñigo|Pilar|"
        "Ángel|Lucía|Andrés|Begoña"
    ),
    family=words(
        "García|González|Rodríguez|Fernández|López|Martínez|Sánchez|Pérez|Gómez|"
        "Díaz|Muñoz|Ibáñez|Peña|Núñez"
    ),
    cities=(
        ("Madrid", "91", "280##", "M"),
        ("Barcelona", "93", "080##", "B"),
        ("Valencia", "96", "460##", "V"),
        ("Bilbao", "94", "480##", "BI"),
        ("Sevilla", "95", "410##", "SE"),
    ),
    address="{street} {number}",
    streets=words(
        "Calle Mayor|Avenida de la Constitución|Plaza España|Calle del Sol|"
        "Paseo de la Estación|Calle Real|Ronda Norte"
    ),
    dial="34",
    trunk="",
    subscriber=words("4|5|6"),
    subscriber_digits=6,
    mobile=words("612|623|654|677"),
    mobile_digits=6,
    vat="ESB",
    vat_digits=8,
)
