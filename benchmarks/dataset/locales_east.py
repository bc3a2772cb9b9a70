"""Customers of the east: how four countries name, address and number them."""

from .locale import Brand, Locale, words

HAN = Brand(
    letters_1=words("华|天|金|新|宏|东|恒|永|中|瑞|盛|嘉|鼎|泰|联|海|万|卓"),
    letters_2=words("达|源|利|信|通|和|兴|安|宇|美|成|德"),
    letters_3=words("|尔|格|思|克|诺|乐|普|特|创|凯|拓|远|科"),
    sound_1=words(
        "hua|tian|jin|xin|hong|dong|heng|yong|zhong|rui|sheng|jia|ding|tai|lian|"
        "hai|wan|zhuo"
    ),
    sound_2=words("da|yuan|li|xin|tong|he|xing|an|yu|mei|cheng|de"),
    sound_3=words("|er|ge|si|ke|nuo|le|pu|te|chuang|kai|tuo|yuan|ke"),
)
CHINA = Locale(
    code="CN",
    share=0.2,
    company="{city}{brand}{trade}{legal}",
    person="{family}{given}",
    brand=HAN,
    trades=words(
        "贸易|物流|食品|电子|纺织|机械|家具|医疗器械|包装|印刷|五金|办公用品|"
        "汽车配件|能源|酒店|咨询"
    ),
    legals=words("有限公司|股份有限公司|集团有限公司|有限责任公司"),
    given=words("伟|芳|娜|秀英|敏|静|丽|强|磊|军|洋|勇|艳|杰"),
    family=words("王|李|张|刘|陈|杨|黄|赵|吴|周|徐|孙|马|朱"),
    cities=(
        ("北京", "10", "1000##", "京"),
        ("上海", "21", "2000##", "沪"),
        ("广州", "20", "5100##", "粤"),
        ("深圳", "755", "5180##", "粤"),
        ("杭州", "571", "3100##", "浙"),
        ("成都", "28", "6100##", "蜀"),
    ),
    address="{street}{number}号",
    streets=words("人民路|中山路|解放路|建设路|和平街|长江路|新华路|科技园路"),
    dial="86",
    trunk="0",
    subscriber=words("62|64|65|82|84|87"),
    subscriber_digits=6,
    mobile=words("138|139|150|186|177"),
    mobile_digits=8,
    vat="91",
    vat_digits=16,
)

KANA = Brand(
    letters_1=words(
        "サン|ミツ|トヨ|ヤマ|フジ|カワ|アサ|ヒロ|ナカ|タケ|マル|キタ|ニシ|オカ|"
        "ハマ|コウ|イシ|セト"
    ),
    letters_2=words("ミ|リ|ノ|ラ|タ|カ|セ|ト|ナ|ワ|ロ|キ"),
    letters_3=words(
        "ック|ール|テム|ロン|ネス|タル|ビス|ガン|ゼン|ライ|ソン|マン|デル|フト"
    ),
    sound_1=words(
        "san|mitsu|toyo|yama|fuji|kawa|asa|hiro|naka|take|maru|kita|nishi|oka|"
        "hama|kou|ishi|seto"
    ),
    sound_2=words("mi|ri|no|ra|ta|ka|se|to|na|wa|ro|ki"),
    sound_3=words("kku|ru|temu|ron|nesu|taru|bisu|gan|zen|rai|son|man|deru|futo"),
)
JAPAN = Locale(
    code="JP",
    share=0.07,
    company="{legal}{brand}{trade}",
    person="{family} {given}",
    brand=KANA,
    trades=words(
        "商事|物流|食品|電子|繊維|工具|家具|医療機器|包装|印刷|金物|文具|"
        "自動車部品|エネルギー|ホテル|コンサルティング"
    ),
    legals=words("株式会社|有限会社|合同会社"),
    given=words("太郎|花子|健一|美咲|翔|陽子|大輔|由美|誠|恵子|拓也|直美|浩|葵"),
    family=words(
        "佐藤|鈴木|高橋|田中|伊藤|渡辺|山本|中村|小林|加藤|吉田|山田|松本|井上"
    ),
    cities=(
        ("東京", "3", "10000##", "JP-13"),
        ("大阪", "6", "53000##", "JP-27"),
    ),
    address="{street}{number}",
    streets=words("丸の内1-|本町2-|梅田3-|銀座4-|中央5-|港南6-"),
    dial="81",
    trunk="0",
    subscriber=words("62|64|67"),
    subscriber_digits=6,
    mobile=words("9012|8031|7021"),
    mobile_digits=6,
    vat="T",
    vat_digits=13,
)

CYRILLIC = Brand(
    letters_1=words(
        "Нор|Бел|Три|Кас|Лум|Вер|Дор|Гал|Мар|Пол|Сев|Тан|Ост|Рав|Фен|Хал|Зар|Зел"
    ),
    letters_2=words("ва|ми|ро|де|лу|на|ти|ко|са|бе|фо|ра"),
    letters_3=words("тек|лис|нор|вен|декс|мар|тал|кво|рис|пол|ген|люкс|тон|вик"),
    sound_1=words(
        "nor|bel|tri|kas|lum|ver|dor|gal|mar|pol|sev|tan|ost|rav|fen|hal|zar|zel"
    ),
    sound_2=words("va|mi|ro|de|lu|na|ti|ko|sa|be|fo|ra"),
    sound_3=words("tek|lis|nor|ven|dex|mar|tal|quo|ris|pol|gen|lux|ton|vik"),
)
RUSSIA = Locale(
    code="RU",
    share=0.06,
    company="{legal} «{brand} {trade}»",
    person="{given} {family}",
    brand=CYRILLIC,
    trades=words(
        "Торг|Логистика|Продукты|Электроника|Текстиль|Инструмент|Мебель|"
        "Медтехника|Упаковка|Печать|Метизы|Канцтовары|Автозапчасти|Энергия|Отель|"
        "Консалтинг"
    ),
    legals=words("ООО|АО|ЗАО|ИП"),
    given=words(
        "Александр|Елена|Дмитрий|Ольга|Сергей|Наталья|Андрей|Татьяна|Иван|Мария|"
        "Пётр|Юлия|Николай|Анна"
    ),
    family=words(
        "Иваненко|Смирных|Кузнец|Поповых|Соколенко|Лебедь|Козленко|Новик|Мороз|"
        "Волк|Соловей|Заяц|Гончар|Бондарь"
    ),
    cities=(
        ("Москва", "495", "1010##", ""),
        ("Санкт-Петербург", "812", "1900##", ""),
        ("Казань", "843", "4200##", ""),
        ("Новосибирск", "383", "6300##", ""),
    ),
    address="{street}, {number}",
    streets=words(
        "ул. Ленина|Невский проспект|ул. Мира|Садовая ул.|Заводская ул.|проспект Победы"
    ),
    dial="7",
    trunk="8",
    subscriber=words("2|3|5"),
    subscriber_digits=6,
    mobile=words("903|916|926"),
    mobile_digits=7,
    vat="77",
    vat_digits=8,
)

ARABIC = Brand(
    letters_1=words(
        "نور|بل|تري|كاس|لوم|فير|دور|جال|مار|بول|سيف|تان|وست|راف|فين|هال|جور|زيل"
    ),
    letters_2=words("فا|مي|رو|دي|لو|نا|تي|كو|سا|بي|فو|را"),
    letters_3=words("تك|ليس|نور|فين|دكس|مار|تال|كو|ريس|بول|جين|لوكس|تون|فيك"),
    sound_1=words(
        "nour|bal|tri|kas|lum|fir|dor|gal|mar|boul|seif|tan|wast|raf|fin|hal|jor|zil"
    ),
    sound_2=words("va|mi|ro|de|lu|na|ti|ko|sa|be|fo|ra"),
    sound_3=words("tek|lis|nor|ven|dex|mar|tal|quo|ris|pol|gen|lux|ton|vik"),
)
EMIRATES = Locale(
    code="AE",
    share=0.05,
    company="{legal} {brand} {trade}",
    person="{given} {family}",
    brand=ARABIC,
    trades=words(
        "للتجارة|للنقل|للأغذية|للإلكترونيات|للمنسوجات|للأدوات|للأثاث|"
        "للمستلزمات الطبية|للتغليف|للطباعة|للمعدات|للقرطاسية|لقطع الغيار|للطاقة|"
        "للفنادق|للاستشارات"
    ),
    legals=words("شركة|مؤسسة|مجموعة"),
    given=words(
        "محمد|فاطمة|أحمد|عائشة|علي|مريم|خالد|نورة|عمر|ليلى|يوسف|سارة|إبراهيم|هند"
    ),
    family=words(
        "المنصوري|الشامسي|الكعبي|النعيمي|المزروعي|الهاشمي|الظاهري|السويدي|"
        "البلوشي|الحمادي|الزعابي|المهيري"
    ),
    cities=(
        ("دبي", "4", "", "DU"),
        ("أبو ظبي", "2", "", "AZ"),
        ("الشارقة", "6", "", "SH"),
    ),
    address="{street} {number}",
    streets=words("شارع الشيخ زايد|شارع الخليج|شارع الكورنيش|شارع المطار"),
    dial="971",
    trunk="0",
    subscriber=words("22|33|44|55"),
    subscriber_digits=5,
    mobile=words("501|552|561"),
    mobile_digits=6,
    vat="100",
    vat_digits=12,
)
