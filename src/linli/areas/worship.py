"""Places of worship are not stored, and neither is anybody's religion or ethnicity.

Names of areas are left alone: a township may be called after a monastery, and is none. Names of
places are judged: one that contains a word for a place of worship is dropped unless a word for a
public place follows it ("Temple Street School" is a school).
"""

import re
import unicodedata
from collections.abc import Mapping

from linli.areas.kinds import toml_of

_DATA = toml_of("worship.toml")
TAGS = frozenset(_DATA["tags"])
VALUES = frozenset(_DATA["values"])
_WORDS = re.compile(
    r"清真|[寺庙庵]|教堂|礼拜|道观|佛堂|佛塔|佛殿|大殿|经堂|经轮|转经|拉康|白塔|喇嘛|祠|神山|祭台|拉则|俄博|敖包"
    r"|མ?དགོན|ལྷ་ཁང|མཆོད་རྟེན|མཆོད་ཁང|གཙུག་ལག་ཁང|འདུ་ཁང|མ་ཎི|ལ་བཙས|ལབ་རྩེ|ཕྱག་ཁང|ཆོས་ཁང"
    r"|\b(?:monaster(?:y|ies)|temples?|mosques?|masjid|church(?:es)?|chapels?|cathedrals?|shrines?|"
    r"nunner(?:y|ies)|convents?|stupas?|chortens?|gomp?a|gonpa|lamaser(?:y|ies)|lhakhang|pagodas?|"
    r"synagogues?|priory|abbey)\b"
    # The same in the Latin letters of Chinese names: Labuleng Si, Qingzhensi.
    r"|\b\w+\s+si\b|qingzhensi",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"小学|中学|学校|学院|幼儿园|卫生|诊所|医院|药店|桥|隧道|水库|水坝|水电站|电站|车站|站|市场|停车|派出所|服务中心|"
    r"村委会|居委会|政府|加油|邮|广场|水文|滑坡|垭口|路口|学$"
    r"|སློབ་གྲྭ|སྨན་ཁང|འཕྲོད་བསྟེན|ཟམ་པ|ས་ཚིགས|ཁྲོམ་ར|ལྟེ་གནས"
    r"|\b(?:school|kindergarten|college|clinic|hospital|pharmacy|bridge|tunnel|reservoir|dam|station|"
    r"market|parking|police|post|stop|gauge|slope|pass|centre|center|road|street|square)\b",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Text as it reads: compatibility forms folded, invisible characters gone, lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isprintable():
        folded = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return folded.strip()


def is_tag(column: str) -> bool:
    """A column or tag about religion or ethnicity; `religion:zh` and `社会_民族` count too."""
    parts = re.split(r"[:_\s./-]+", plain(column))
    return plain(column) in TAGS or any(part in TAGS for part in parts)


def tags_of(properties: Mapping[str, object]) -> list[str]:
    """The columns of one feature that hold somebody's religion or ethnicity."""
    return [column for column, value in properties.items() if is_tag(column) and _said(value)]


def names_worship(name: str) -> bool:
    """Whether the name of a place says that it is a place of worship."""
    text = plain(name)
    last = None
    for last in _WORDS.finditer(text):  # noqa: B007
        pass
    return last is not None and not _PUBLIC.search(text, last.end())


def is_worship(properties: Mapping[str, object], names: Mapping[str, str]) -> bool:
    """Whether a feature is a place of worship, by any of its values or by its name."""
    if any(plain(str(value)) in VALUES for value in properties.values() if _said(value)):
        return True
    return any(names_worship(name) for name in names.values())


def _said(value: object) -> bool:
    return value is not None and str(value).strip() not in ("", "nan", "None")
