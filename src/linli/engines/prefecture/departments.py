"""Which office has which duty: departments of a county, desks of a township."""

from dataclasses import dataclass

from .names import Names


@dataclass(frozen=True)
class Desk:
    """A desk of a township and the duties it takes where the township has them."""

    code: str
    names: Names
    duties: frozenset[str]

    def has(self, duty: str) -> bool:
        """Whether the duty is this desk's."""
        return duty in self.duties


@dataclass(frozen=True)
class Department(Desk):
    """A department of a county or the prefecture; `kind` is the organisation's kind."""

    kind: str = "department"


def _department(
    code: str, zh: str, bo: str, en: str, duties: str, kind: str = "department"
) -> Department:
    return Department(code, Names(zh, bo, en), frozenset(duties.split()), kind)


DEPARTMENTS = (
    _department("centre", "便民服务中心", "ཞབས་ཞུ་ལྟེ་གནས", "Service Centre",
                "service-centre neighbourhood", "service-centre"),
    _department("transport", "交通运输局", "འགྲིམ་འགྲུལ་ཅུས", "Transport Bureau", "roads transport"),
    _department("waterworks", "水务局", "ཆུ་དོན་ཅུས", "Water Bureau", "water rivers"),
    _department("electricity", "供电公司", "གློག་མཁོ་འདོན་ཀུང་སི", "Power Company", "power", "utility"),
    _department("telecoms", "通信公司", "འཕྲིན་གཏོང་ཀུང་སི", "Communications Company",
                "communications", "utility"),
    _department("construction", "住房和建设局", "ཁང་པ་དང་འཛུགས་སྐྲུན་ཅུས",
                "Housing and Construction Bureau", "lighting gas housing facilities sanitation"),
    _department("ecology", "生态环境局", "སྐྱེ་ཁམས་ཁོར་ཡུག་ཅུས", "Environment Bureau", "environment"),
    _department("pastures", "林业和草原局", "ནགས་ལས་རྩྭ་ཐང་ཅུས", "Forest and Grassland Bureau",
                "grassland wildlife"),
    _department("livestock", "农牧局", "ཞིང་འབྲོག་ཅུས", "Farming and Livestock Bureau", "veterinary"),
    _department("education", "教育局", "སློབ་གསོ་ཅུས", "Education Bureau", "schools"),
    _department("healthcare", "卫生健康局", "འཕྲོད་བསྟེན་བདེ་ཐང་ཅུས", "Health Bureau", "health"),
    _department("welfare", "民政局", "དམངས་སྲིད་ཅུས", "Civil Affairs Bureau",
                "social-services civil-affairs planning"),
    _department("employment", "人力资源和社会保障局", "མི་ཤུགས་ཐོན་ཁུངས་ཅུས", "Labour Bureau", "labour"),
    _department("justice", "司法局", "ཁྲིམས་འཛིན་ཅུས", "Justice Bureau", "mediation"),
    _department("land", "自然资源局", "རང་བྱུང་ཐོན་ཁུངས་ཅུས", "Natural Resources Bureau", "geology"),
    _department("safety", "应急管理局", "གློ་བུར་དོ་དམ་ཅུས", "Emergency Management Bureau", "fire"),
    _department("trade", "市场监督管理局", "ཁྲོམ་རའི་ལྟ་སྐུལ་ཅུས", "Market Supervision Bureau", "market"),
    _department("oversight", "服务监督办公室", "ཞབས་ཞུའི་ལྟ་སྐུལ་གཞུང་ལས་ཁང",
                "Service Inspection Office", "inspection", "inspection"),
)  # fmt: skip

_KNOWN = frozenset().union(*(department.duties for department in DEPARTMENTS))


class _Other(Department):
    """The office for duties that a county added and no department above has."""

    def has(self, duty: str) -> bool:
        return duty not in _KNOWN


OTHER = _Other("general", Names("综合办公室", "སྤྱི་བསྡུས་གཞུང་ལས་ཁང", "General Office"), frozenset())


def _desk(code: str, zh: str, bo: str, en: str, duties: str) -> Desk:
    return Desk(code, Names(zh, bo, en), frozenset(duties.split()))


TOWNSHIP_DESKS = (
    _desk("service-centre", "便民服务岗", "ཞབས་ཞུ་ལྟེ་གནས་ཀྱི་ལས་གནས", "Service Centre Desk",
          "service-centre neighbourhood"),
    _desk("roads", "公路养护岗", "གཞུང་ལམ་ལས་གནས", "Roads Desk", "roads transport"),
    _desk("works", "建设和公用设施岗", "འཛུགས་སྐྲུན་ལས་གནས", "Works Desk",
          "water rivers power lighting housing facilities sanitation environment gas"),
    _desk("pasture", "农牧草原岗", "ཞིང་འབྲོག་རྩྭ་ཐང་ལས་གནས", "Pasture and Livestock Desk",
          "grassland wildlife veterinary market"),
    _desk("people", "社会事务岗", "སྤྱི་ཚོགས་ལས་དོན་ལས་གནས", "Social Affairs Desk",
          "schools health social-services civil-affairs mediation labour"),
    _desk("hazards", "安全岗", "བདེ་འཇགས་ལས་གནས", "Safety Desk", "geology fire"),
)  # fmt: skip
