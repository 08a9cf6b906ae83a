"""Which role may do what? One table, read by `may`, by the door to the rows and by the menu.

An action is something a person does or sees. What isn't in a role's set is forbidden; nothing
else in the application decides about permission.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

__all__ = ["MATRIX", "ROLES_OF", "Action", "OrganisationKind", "Role"]


class OrganisationKind(TextChoices):
    """Kinds of organisation that work in one city."""

    ASSOCIATION = "association", _("housing association")
    MUNICIPALITY = "municipality", _("municipality")
    CARE_PARTNER = "care_partner", _("care partner")
    TENANTS = "tenants", _("tenants' organisation")


class Role(TextChoices):
    """The roles of DESIGN §7."""

    CONSULTANT = "consultant", _("housing consultant")
    HEAD = "head_of_letting", _("head of letting")
    AGENT = "letting_agent", _("letting agent")
    MANAGER = "neighbourhood_manager", _("neighbourhood manager")
    MUNICIPALITY = "municipality", _("municipality")
    CARE_PARTNER = "care_partner", _("care partner")
    TENANTS = "tenants", _("tenants' organisation")
    RESEARCHER = "researcher", _("researcher")
    PRIVACY = "privacy_officer", _("privacy officer")
    ADMINISTRATOR = "administrator", _("administrator")
    AUDITOR = "auditor", _("auditor")


class Action(TextChoices):
    """What a person can do or see."""

    SEE_HOMES = "see_homes"  # complexes, dwellings, notices: facts about buildings
    SEE_ADVICE = "see_advice"  # judgements, accounts, advice, decisions
    JUDGE = "judge"  # say how it is in a complex
    PLAN_ROUNDS = "plan_rounds"  # make a round of judgements and follow who answered
    NOTIFY = "notify"  # record a notice
    DECIDE = "decide"
    HAND_OVER = "hand_over"
    READ_SECOND = "read_second"  # confirm somebody else's deviation
    SEE_REQUESTS = "see_requests"  # every request for a place of the association
    SEE_OWN_REQUESTS = "see_own_requests"  # a partner: only its own
    SEE_OBLIGATIONS = "see_obligations"
    SEE_OWN_OBLIGATIONS = "see_own_obligations"  # a municipality: what was agreed with it
    SEE_NORMS = "see_norms"
    SEE_DEVIATIONS = "see_deviations"
    LOAD = "load"  # bring in a portfolio
    MANAGE_PEOPLE = "manage_people"
    SEE_PEOPLE = "see_people"  # who works here, in which role
    CONFIRM_ROLE = "confirm_role"  # a role that an administrator gave himself
    SEE_TRAIL = "see_trail"
    ERASE = "erase"  # destroy personal content of the trail after its term
    WRITE_PROFILES = "write_profiles"  # draft, send to review, ask for advice, reply, withdraw
    REVIEW_PROFILES = "review_profiles"  # read a colleague's draft: agree or ask for changes
    ADVISE_PROFILES = "advise_profiles"  # the tenants' organisation: its right of advice
    ADOPT_PROFILES = "adopt_profiles"
    WRITE_AGREEMENTS = "write_agreements"  # draft, bring out the bid, withdraw
    ANSWER_AGREEMENTS = "answer_agreements"  # the other parties: agree, or ask for changes
    SIGN_AGREEMENTS = "sign_agreements"  # record the signing, confirm what goes along
    MANAGE_WORDS = "manage_words"  # own words, reasons that are offered, texts of the public page
    FREEZE = "freeze"  # freeze a baseline, and take it along
    COMPARE = "compare"  # make scenarios, stop them and put them away
    SEE_CANDIDATES = "see_candidates"  # candidates by number, and their matches
    MATCH = "match"  # propose, reserve, step back, call off; enter a candidate
    CHECK_LETTING = "check_letting"  # check the rules, hand over the key
    SETTLE_REFUSALS = "settle_refusals"  # set a refusal aside, or give it back
    SEE_OWN_MATCHES = "see_own_matches"  # a partner: its own, from its step on
    ANSWER_ROUNDS = "answer_rounds"  # partner or municipality: about its own lines of a week round
    ASSIGN = "assign"  # say whose complex it is


_AT_WORK = {Action.SEE_HOMES, Action.SEE_ADVICE, Action.SEE_NORMS, Action.SEE_OBLIGATIONS}

MATRIX: Mapping[Role, frozenset[Action]] = {
    Role.CONSULTANT: frozenset(
        {
            *_AT_WORK,
            Action.JUDGE,
            Action.NOTIFY,
            Action.DECIDE,
            Action.HAND_OVER,
            Action.REVIEW_PROFILES,
            Action.SEE_CANDIDATES,
            Action.MATCH,
        }
    ),
    Role.HEAD: frozenset(
        {
            *_AT_WORK,
            Action.JUDGE,
            Action.NOTIFY,
            Action.DECIDE,
            Action.HAND_OVER,
            Action.READ_SECOND,
            Action.SEE_CANDIDATES,
            Action.MATCH,
            Action.CHECK_LETTING,
            Action.SETTLE_REFUSALS,
            Action.PLAN_ROUNDS,
            Action.ASSIGN,
            Action.SEE_REQUESTS,
            Action.SEE_DEVIATIONS,
            Action.LOAD,
            Action.WRITE_PROFILES,
            Action.REVIEW_PROFILES,
            Action.ADOPT_PROFILES,
            Action.WRITE_AGREEMENTS,
            Action.SIGN_AGREEMENTS,
            Action.FREEZE,
            Action.COMPARE,
            Action.SEE_PEOPLE,
            Action.CONFIRM_ROLE,
        }
    ),
    Role.AGENT: frozenset(
        {
            Action.SEE_HOMES,
            Action.SEE_NORMS,
            Action.NOTIFY,
            Action.SEE_CANDIDATES,
            Action.CHECK_LETTING,
        }
    ),
    Role.MANAGER: frozenset({*_AT_WORK, Action.JUDGE}),
    Role.MUNICIPALITY: frozenset(
        {Action.SEE_OWN_OBLIGATIONS, Action.ANSWER_AGREEMENTS, Action.ANSWER_ROUNDS}
    ),
    Role.CARE_PARTNER: frozenset(
        {Action.SEE_OWN_REQUESTS, Action.SEE_OWN_MATCHES, Action.ANSWER_ROUNDS}
    ),
    Role.TENANTS: frozenset(
        {
            Action.SEE_NORMS,
            Action.SEE_DEVIATIONS,
            Action.ADVISE_PROFILES,
            Action.ANSWER_AGREEMENTS,
        }
    ),
    Role.RESEARCHER: frozenset({Action.SEE_NORMS}),
    Role.PRIVACY: frozenset(
        {
            Action.SEE_NORMS,
            Action.SEE_TRAIL,
            Action.ERASE,
            Action.SEE_PEOPLE,
            Action.CONFIRM_ROLE,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Action.SEE_NORMS,
            Action.LOAD,
            Action.MANAGE_PEOPLE,
            Action.MANAGE_WORDS,
            Action.SEE_PEOPLE,
            Action.CONFIRM_ROLE,
        }
    ),
    Role.AUDITOR: frozenset(
        {Action.SEE_NORMS, Action.SEE_TRAIL, Action.SEE_DEVIATIONS, Action.SEE_PEOPLE}
    ),
}

# Which roles an organisation can have. A tenants' organisation has one: its people act for the
# association that they speak to, so an administrator among them would be the association's.
ROLES_OF: Mapping[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.ASSOCIATION: (
        Role.CONSULTANT,
        Role.HEAD,
        Role.AGENT,
        Role.MANAGER,
        Role.RESEARCHER,
        Role.PRIVACY,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    ),
    OrganisationKind.MUNICIPALITY: (Role.MUNICIPALITY, Role.ADMINISTRATOR),
    OrganisationKind.CARE_PARTNER: (Role.CARE_PARTNER, Role.ADMINISTRATOR),
    OrganisationKind.TENANTS: (Role.TENANTS,),
}
