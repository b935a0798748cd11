"""The words that invented names are made of: Tibetan, Chinese and romanised, side by side.

Places: descriptive words for land, water, colours, animals and plants. People: common given names
and surnames; pairs that would name a person of note, and religious titles, are left out.
"""

Word = tuple[str, str, str]

# What a place is like.
QUALITIES: tuple[Word, ...] = (
    ("དཀར", "嘎", "kar"), ("དམར", "玛", "mar"), ("སེར", "色", "ser"), ("སྔོན", "恩", "ngon"),
    ("ལྗང", "江", "jang"), ("ནག", "那", "nak"), ("རིང", "仁", "ring"), ("ཆེན", "钦", "chen"),
    ("ཆུང", "琼", "chung"), ("གསར", "萨", "sar"), ("སྟོད", "堆", "to"), ("སྨད", "麦", "me"),
    ("བར", "巴", "bar"), ("གཡུ", "玉", "yu"), ("གསེར", "赛", "sere"), ("དངུལ", "努", "ngul"),
    ("ཤེལ", "协", "shel"), ("ཤུག", "秀", "shuk"), ("ཉི", "尼", "nyi"), ("ཟླ", "达", "da"),
    ("སྤྲིན", "真", "trin"), ("ཁྲ", "查", "tra"), ("བྱ", "夏", "cha"), ("དོམ", "董", "dom"),
    ("ཝ", "瓦", "wa"), ("ངང", "昂", "ngang"), ("གཡག", "雅", "yak"), ("ལུག", "鲁", "luk"),
    ("ནོར", "诺", "nor"), ("བདེ", "德", "de"), ("མཐོ", "妥", "tho"), ("ཡངས", "央", "yang"),
    ("འཇམ", "绛", "jam"), ("བཟང", "桑", "zang"),
)  # fmt: skip

# What it stands on.
GROUNDS: tuple[Word, ...] = (
    ("ཐང", "塘", "thang"), ("ལུང", "隆", "lung"), ("མདོ", "多", "do"), ("མགོ", "果", "go"),
    ("ཆུ", "曲", "chu"), ("མཚོ", "措", "tsho"), ("རི", "日", "ri"), ("བྲག", "扎", "drak"),
    ("གླིང", "林", "ling"), ("རྩ", "杂", "tsa"), ("ཕུ", "普", "phu"), ("ལ", "拉", "la"),
    ("ནང", "囊", "nang"), ("སྣ", "纳", "na"), ("གཤོངས", "雄", "shong"), ("སྒང", "岗", "gang"),
    ("ཁོག", "科", "khok"), ("ཟུར", "苏", "zur"), ("ཉིན", "宁", "nyin"), ("སྤང", "邦", "pang"),
    ("ནགས", "纳合", "nak"), ("འདམ", "当", "dam"), ("རྐང", "康", "kang"), ("ཞོལ", "肖", "zhol"),
)  # fmt: skip

# The prefecture and its counties, three words each, so that none is a real one's name.
PREFECTURE: Word = ("སྔོན་མཚོ་ཐང", "恩措塘", "Ngontshothang")  # blue lake plain
COUNTIES: tuple[Word, ...] = (
    ("དམར་བྲག་ལུང", "玛扎隆", "Mardraklung"),  # red cliff valley
    ("དཀར་ཆུ་མདོ", "嘎曲多", "Karchudo"),  # where the white water joins
    ("གསེར་ཐང་མགོ", "赛塘果", "Serthanggo"),  # head of the golden plain
    ("ཤུག་གླིང་ནང", "秀林囊", "Shuklingnang"),  # inner juniper grove
    ("ཉི་སྤང་གཤོངས", "尼邦雄", "Nyipangshong"),  # sunny meadow basin
    ("ལྗང་འདམ་སྨད", "江当麦", "Jangdamme"),  # lower green marsh
    ("ནོར་རི་སྒང", "诺日岗", "Norigang"),  # ridge of the cattle mountain
    ("སྤྲིན་ཕུ་མདོ", "真普多", "Trinphudo"),  # mouth of the cloud gorge
)

# A group of households that people name after a plant or a thing.
TOKENS: tuple[Word, ...] = (
    ("མེ་ཏོག", "梅朵", "metok"), ("སྤེན་མ", "边玛", "penma"), ("གླང་མ", "朗玛", "langma"),
    ("ལྕང་མ", "江玛", "changma"), ("སྟར་ག", "达嘎", "targa"), ("ཤིང་རྟ", "兴达", "shingta"),
    ("ཆུ་མིག", "曲米", "chumik"), ("རྡོ་ཁ", "朵卡", "dokha"), ("ས་དམར", "萨玛", "samar"),
    ("ཐང་ཁ", "唐喀", "thangkha"), ("ཟམ་ཁ", "桑卡", "zamkha"), ("རྭ་ཁ", "拉喀", "rakha"),
)  # fmt: skip

GIVEN: tuple[Word, ...] = (
    ("བཀྲ་ཤིས", "扎西", "Tashi"), ("ཚེ་རིང", "才让", "Tsering"), ("ཉི་མ", "尼玛", "Nyima"),
    ("ཟླ་བ", "达瓦", "Dawa"), ("པ་སངས", "巴桑", "Pasang"), ("ལྷག་པ", "拉巴", "Lhakpa"),
    ("ཕུར་བུ", "普布", "Phurbu"), ("མིག་དམར", "米玛", "Mikmar"), ("སྤེན་པ", "边巴", "Penpa"),
    ("བསོད་ནམས", "索南", "Sonam"), ("དོན་གྲུབ", "顿珠", "Dondrup"), ("རྡོ་རྗེ", "多杰", "Dorje"),
    ("ནོར་བུ", "诺布", "Norbu"), ("བདེ་སྐྱིད", "德吉", "Dekyi"), ("དབྱངས་ཅན", "央金", "Yangchen"),
    ("ལྷ་མོ", "拉姆", "Lhamo"), ("སྒྲོལ་མ", "卓玛", "Drolma"), ("མཚོ་མོ", "措姆", "Tshomo"),
    ("རིན་ཆེན", "仁青", "Rinchen"), ("དབང་མོ", "旺姆", "Wangmo"), ("དཔལ་མོ", "白姆", "Palmo"),
    ("འབྲུག་རྒྱལ", "周加", "Drukgyal"), ("ཀུན་བཟང", "更桑", "Kunzang"), ("གཡུ་སྒྲོན", "玉珍", "Yudron"),
)  # fmt: skip

SURNAMES: tuple[Word, ...] = (
    ("ཝང", "王", "Wang"), ("ལི", "李", "Li"), ("ཀྲང", "张", "Zhang"), ("མ", "马", "Ma"),
    ("དབྱང", "杨", "Yang"), ("ཁྲེན", "陈", "Chen"), ("ཀྲའོ", "赵", "Zhao"), ("ཀྲོའུ", "周", "Zhou"),
    ("སུན", "孙", "Sun"), ("ལིའུ", "刘", "Liu"), ("ཧན", "韩", "Han"), ("ཐང", "唐", "Tang"),
)  # fmt: skip

SYLLABLES: tuple[Word, ...] = (
    ("ཝུན", "文", "wen"), ("མིང", "明", "ming"), ("ཞིའུ", "秀", "xiu"), ("ལན", "兰", "lan"),
    ("ཅན", "建", "jian"), ("ཁྲུན", "春", "chun"), ("ལིན", "林", "lin"), ("ཧའེ", "海", "hai"),
    ("ཡུན", "云", "yun"), ("ཧྥང", "芳", "fang"), ("ཞ", "霞", "xia"), ("ཕིང", "平", "ping"),
    ("ཧུའི", "慧", "hui"), ("ཅེ", "杰", "jie"), ("མེའི", "梅", "mei"), ("ཧྥུན", "峰", "feng"),
)  # fmt: skip
