"""Cases for other software: which services there are, and reporting. Same actions as the pages."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Router, Schema

from linli.areas import queries as areas
from linli.areas.models import Place
from linli.cases import actions, numbers
from linli.cases.catalogue import queries as catalogue
from linli.cases.forms.cleaning import LONGEST, clean, clean_line
from linli.cases.forms.questions import PREFIX, answers_in, fields_for
from linli.cases.forms.telling import address_of
from linli.cases.forms.where import inside
from linli.cases.models import Channel, ServiceVersion
from linli.cases.routing import Where
from linli.kernel.errors import Invalid, Missing

router = Router(tags=["cases"])
LANGUAGES = ("zh-hans", "bo", "en")
REACH = ("phone", "sms", "email")


class QuestionOut(Schema):
    """One question of a service, with its values by language."""

    code: str
    datatype: str
    required: bool
    text: dict[str, str]
    values: dict[str, dict[str, str]]


class ServiceOut(Schema):
    """One service in the version that counts now."""

    code: str
    version: int
    names: dict[str, str]
    description: dict[str, str]
    public: bool
    where: str
    questions: list[QuestionOut]


class ReportIn(Schema):
    """A report. `op_id` is the sender's own: sent twice, it makes one case. Contact is optional."""

    op_id: uuid.UUID
    service: str
    text: str
    language: str = "zh-hans"
    lon: float | None = None
    lat: float | None = None
    place: str = ""
    area: str = ""
    where: str = ""
    answers: dict[str, Any] = {}
    reach: str = ""
    contact: str = ""


class ReceiptOut(Schema):
    """What the reporter keeps: `token` opens the follow-up page; the hashes prove the record."""

    number: str
    token: str
    due_at: str
    owner: dict[str, str]
    leaf: str
    record: str
    record_salt: str
    salt: str


def shown(version: ServiceVersion) -> ServiceOut:
    """A service as the API gives it."""
    service = version.definition
    questions = [
        QuestionOut(
            code=q.code,
            datatype=q.datatype,
            required=q.required,
            text=dict(q.text),
            values={value.code: dict(value.name) for value in q.values},
        )
        for q in service.questions
    ]
    return ServiceOut(
        code=service.code,
        version=version.number,
        names=dict(service.name),
        description=dict(service.description),
        public=service.public,
        where=service.where,
        questions=questions,
    )


@router.get("/services", response=list[ServiceOut], summary="What can be reported")
def services(request: HttpRequest) -> list[ServiceOut]:  # noqa: ARG001
    """Every service in the version that counts now."""
    return [shown(version) for version in catalogue.current_versions()]


@router.post("/reports", response={201: ReceiptOut}, summary="Report a problem")
def report(request: HttpRequest, sent: ReportIn) -> tuple[int, ReceiptOut]:  # noqa: ARG001
    """Take a report in and give its receipt. No photos here: they travel by the page's form."""
    version = catalogue.current_version(sent.service)
    if version is None:
        raise Missing("no-such-service")
    text = clean(sent.text)
    if len(text) > LONGEST:
        raise Invalid("text-too-long", fields={"text": len(text)})
    if sent.language not in LANGUAGES:
        raise Invalid("no-such-language", fields={"language": "zh-hans, bo, en"})
    given = actions.Sent(
        version=version,
        text=text,
        where=_where(sent),
        answers=_answers(version, sent.answers),
        contact=_contact(sent),
        language=sent.language,
        channel=Channel.API,
        op_id=sent.op_id,
    )
    receipt = actions.report(given, by=None)
    return 201, ReceiptOut(
        number=numbers.spoken(receipt.number),
        token=receipt.token,
        due_at=receipt.due_at.isoformat(),
        owner=receipt.owner.names,
        leaf=receipt.leaf.hex(),
        record=receipt.record.decode(),
        record_salt=receipt.record_salt.hex(),
        salt=receipt.salt.hex(),
    )


def _contact(sent: ReportIn) -> tuple[str, str] | None:
    if not sent.contact:
        return None
    if sent.reach not in REACH:
        raise Invalid("no-such-way", fields={"reach": ", ".join(REACH)})
    try:
        return sent.reach, address_of(sent.reach, sent.contact)
    except ValidationError as error:
        raise Invalid("bad-contact", fields={"contact": error.messages[0]}) from None


def _where(sent: ReportIn) -> Where:
    if sent.lon is not None and sent.lat is not None:
        inside(sent.lon, sent.lat)
    place = Place.objects.select_related("area").filter(code=sent.place).first()
    area = areas.by_code(sent.area) if sent.area else None
    if (sent.place and place is None) or (sent.area and area is None):
        raise Invalid("no-such-place", fields={"place": sent.place, "area": sent.area})
    return Where(lon=sent.lon, lat=sent.lat, place=place, area=area, words=clean_line(sent.where))


def _answers(version: ServiceVersion, given: dict[str, Any]) -> dict[str, Any]:
    fields = fields_for(version.definition.questions)
    form = type("Answers", (forms.Form,), dict(fields))(
        {PREFIX + code: answer for code, answer in given.items()}
    )
    unknown = {code for code in given if PREFIX + code not in fields}
    if unknown or not form.is_valid():
        wrong = {name.removeprefix(PREFIX): str(e[0]) for name, e in form.errors.items()}
        raise Invalid("bad-answers", fields=wrong | dict.fromkeys(unknown, "?"))
    return answers_in(form.cleaned_data)
