"""Who may see a case and do what with it. Rights come from posts, never from a person's rank.

`may_see` and `visible_to` answer the same question by different ways; a property test holds them
together. Administrators see no case, unless a post brings them to it.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.cases import merging
from linli.cases.models import (
    LIVE,
    RUNNING,
    Answer,
    Case,
    Offer,
    Photo,
    State,
    Support,
    Update,
)
from linli.kernel.models import Account
from linli.organisations import queries as organisations
from linli.organisations.models import Organisation, Post

# ---------------------------------------------------------------- seeing


def visible_to(person: Account) -> QuerySet[Case]:
    """The cases that somebody may see.

    Those of the posts they hold (as owner, as the one it is offered to, as a helping unit); for
    operators, those of their areas and below, except complaints about an office, which only the
    post outside its chain sees. Whoever belongs to the chain of the office never sees one.
    """
    if not person.is_active:
        return Case.objects.none()
    posts = list(organisations.posts_of(person))
    mine = [post.pk for post in posts]
    # Lists and not EXISTS: they are short, asked once, and leave the indices of the case usable.
    offered = Offer.objects.filter(state=Offer.State.OPEN, taker__in=mine).values("case")
    helping = Support.objects.filter(post__in=mine).values("case")
    seen = Q(owner__in=mine) | Q(pk__in=offered) | Q(pk__in=helping)
    if any(post.kind == Post.Kind.SERVICE_CENTRE for post in posts):
        seen |= _in_areas(organisations.operator_areas(person)) & Q(outside_chain=False)
    barred = {pk for post in posts for pk in organisations.chain(post.organisation)}
    return (
        Case.objects.filter(seen)
        .exclude(state=State.ERASED)
        .exclude(outside_chain=True, office__in=barred)
    )


def _in_areas(areas: list[Area]) -> Q:
    found = Q(pk__in=[])
    for area in areas:
        inside = Area.objects.filter(below(area.path)).values("pk")
        found |= Q(area__in=inside)
        if area.parent_id is None:
            found |= Q(area=None)
    return found


def may_see(person: Account, case: Case) -> bool:
    """Is the case among those that `visible_to` gives?"""
    if not person.is_active or case.state == State.ERASED or _in_chain(person, case):
        return False
    return (
        owns(person, case)
        or operates(person, case)
        or _posts(person).filter(pk__in=_open_offers(case)).exists()
        or helps(person, case)
    )


def owns(person: Account, case: Case) -> bool:
    """Holds the post that has the case."""
    return organisations.holds(person, case.owner) and not _in_chain(person, case)


def helps(person: Account, case: Case) -> bool:
    """Holds the post of a unit that helps with the case."""
    helping = Support.objects.filter(case=case).values("post")
    return _posts(person).filter(pk__in=helping).exists() and not _in_chain(person, case)


def operates(person: Account, case: Case) -> bool:
    """Works in the service centre of the area; never for complaints about an office."""
    if case.outside_chain:
        return False
    areas = organisations.operator_areas(person)
    if case.area is None:
        return any(area.parent_id is None for area in areas)
    path = case.area.path
    return any(path == area.path or path.startswith(f"{area.path}/") for area in areas)


def leads(person: Account, case: Case) -> bool:
    """May decide what becomes of it: operators; of a complaint about an office, its owner."""
    return owns(person, case) if case.outside_chain else operates(person, case)


def _posts(person: Account) -> QuerySet[Post]:
    return organisations.posts_of(person)


def _open_offers(case: Case) -> QuerySet[Offer, int]:
    return Offer.objects.filter(case=case, state=Offer.State.OPEN).values_list("taker", flat=True)


def _in_chain(person: Account, case: Case) -> bool:
    if not case.outside_chain or case.office is None:
        return False
    return _posts(person).filter(organisation__in=organisations.chain(case.office)).exists()


# ---------------------------------------------------------------- the unit that did the work


def workers(case: Case) -> QuerySet[Organisation]:
    """The organisations that did the work: whoever resolved it, and whoever helped.

    Of a merged case they are those of the one it went into, too.
    """
    cases = {case.pk, merging.leading(case).pk}
    resolved = Update.objects.filter(case__in=cases, kind=Update.Kind.RESOLVED).values("post")
    helped = Support.objects.filter(case__in=cases).values("post")
    posts = Post.objects.filter(Q(pk__in=resolved) | Q(pk__in=helped))
    return Organisation.objects.filter(pk__in=posts.values("organisation"))


def did_the_work(person: Account, case: Case) -> bool:
    """Belongs to a unit that did the work: it cannot confirm, see ratings, or call afterwards."""
    return _posts(person).filter(organisation__in=workers(case)).exists()


def may_see_rating(person: Account, answer: Answer) -> bool:
    """One single answer with its rating; never the unit that did the work."""
    return may_see(person, answer.case) and not did_the_work(person, answer.case)


def ratings_visible_to(person: Account) -> QuerySet[Answer]:
    """The answers that `may_see_rating` allows."""
    units = _posts(person).values("organisation")
    resolved = Update.objects.filter(
        case=OuterRef("case"), kind=Update.Kind.RESOLVED, post__organisation__in=units
    )
    helped = Support.objects.filter(case=OuterRef("case"), post__organisation__in=units)
    return Answer.objects.filter(case__in=visible_to(person)).exclude(
        Q(Exists(resolved)) | Q(Exists(helped))
    )


# ---------------------------------------------------------------- doing


def may_take(by: Account | None) -> bool:
    """Enter a case for somebody (telephone, counter, letter, liaison): everybody who holds a post.

    None is the reporter, and anybody may report.
    """
    return by is None or (by.is_active and _posts(by).exists())


def may_triage(by: Account, case: Case) -> bool:
    """Read it first, release a public text, correct the service."""
    return leads(by, case)


def may_assign(by: Account, case: Case) -> bool:
    """Give it to a post by hand."""
    return leads(by, case) and case.state in RUNNING


def may_have(post: Post, case: Case) -> bool:
    """May this post have the case at all? Not if it is about an office of its own chain."""
    if not case.outside_chain or case.office is None:
        return True
    return post.organisation_id not in organisations.chain(case.office)


class NotFor(NamedTuple):
    """Whom a case must not come to, by primary key: posts, the people in them, whole offices."""

    posts: frozenset[int]
    people: frozenset[int]
    offices: frozenset[int]


def barred_from(case: Case, people: Collection[int]) -> NotFor:
    """Which of `people`, and which posts and offices, must not have the case.

    As owners they could not see it (`may_see`): the chain of the office it is about. And whoever
    ended a case that was contested: they must leave it to others.
    """
    offices: set[int] = set()
    in_chain: set[int] = set()
    if case.outside_chain and case.office is not None:
        offices = organisations.chain(case.office)
        in_chain = organisations.holders_in(offices, people)
    ended = list(ended_it(case).values_list("post", "by")) if case.reworks else []
    enders = {person for _post, person in ended if person is not None}
    posts = frozenset(post for post, _person in ended)
    return NotFor(posts, frozenset(in_chain | enders), frozenset(offices))


def may_offer(by: Account, case: Case) -> bool:
    """Offer it to another post, or take the offer back: the owner."""
    return owns(by, case) and case.state in RUNNING


def may_answer_offer(by: Account, offer: Offer) -> bool:
    """Accept or refuse: whoever holds the post it is offered to."""
    return organisations.holds(by, offer.taker) and not _in_chain(by, offer.case)


def may_support(by: Account, case: Case) -> bool:
    """Ask another unit to help: the owner, or who leads."""
    return (owns(by, case) or leads(by, case)) and case.state in RUNNING


def may_finish_support(by: Account, support: Support) -> bool:
    """Say that a helping unit's task is done: that unit."""
    return organisations.holds(by, support.post) and not _in_chain(by, support.case)


def may_pause(by: Account, case: Case) -> bool:
    """Pause it, or let it go on: the owner."""
    return owns(by, case) and case.state in RUNNING


def ended_it(case: Case) -> QuerySet[Update]:
    """What staff said when it was done or declined; the reporter disagreed where it runs again."""
    return Update.objects.filter(case=case, kind__in=(Update.Kind.RESOLVED, Update.Kind.DECLINED))


def must_leave_it(by: Account, case: Case) -> bool:
    """Has ended it before, and was contested: somebody else ends it now, whatever post they hold.

    They may still hand it over, and help.
    """
    return case.reworks > 0 and ended_it(case).filter(by=by).exists()


def may_decline(by: Account, case: Case) -> bool:
    """Decline it with a reason: the owner, or who leads; never who ended it before."""
    allowed = (owns(by, case) or leads(by, case)) and case.state in RUNNING
    return allowed and not must_leave_it(by, case)


def may_change_service(by: Account, case: Case) -> bool:
    """Correct what it is about."""
    return leads(by, case) and case.state in RUNNING


def may_agree(by: Account, case: Case) -> bool:
    """Enter that the person for whom help was asked agrees."""
    return (owns(by, case) or leads(by, case)) and case.state in LIVE


def may_add_note(by: Account, case: Case) -> bool:
    """Write an internal note: whoever may see it."""
    return may_see(by, case)


def may_read_notes(by: Account, case: Case) -> bool:
    """Read internal notes: whoever may see it. The reporter may after closing."""
    return may_see(by, case)


def may_add_update(by: Account, case: Case) -> bool:
    """Tell the reporter something: the owner, or who leads."""
    return owns(by, case) or leads(by, case)


def may_clear_photo(by: Account, case: Case) -> bool:
    """Say that a photo shows no face and no number plate, or have it erased."""
    return leads(by, case)


def may_resolve(by: Account, case: Case) -> bool:
    """Say that it is done: the owner; never who ended it before and was contested."""
    return owns(by, case) and case.state in RUNNING and not must_leave_it(by, case)


def may_answer_for_reporter(by: Account, case: Case) -> bool:
    """Enter the reporter's word, solved or not: a service centre that did not do the work.

    Never of a complaint about an office: there only the reporter's own link speaks.
    """
    return operates(by, case) and not did_the_work(by, case)


def may_look_at_contact(by: Account, case: Case) -> bool:
    """Open the contact (`kernel.contacts.look` journals it first).

    The service centre of the area, and the owner where the duty of its post needs contacts; after
    the work was said to be done, nobody of the unit that did it.
    """
    if case.contact_id is None or (case.state not in RUNNING and did_the_work(by, case)):
        return False
    if operates(by, case):
        return True
    duty = case.version.definition.duty
    return owns(by, case) and organisations.post_sees_contacts(case.owner, duty)


def may_mark_accusing(by: Account, case: Case) -> bool:
    """Have it erased because it accuses a private person. A complaint about an office never is."""
    return leads(by, case) and not case.outside_chain


def may_merge(by: Account, case: Case, into: Case) -> bool:
    """Put two cases together, or apart: who leads both. Never across complaints about offices."""
    return leads(by, case) and leads(by, into) and case.office_id == into.office_id


def may_see_photo(by: Account, photo: Photo) -> bool:
    """Photos are seen with the case, cleared or not."""
    return may_see(by, photo.case)
