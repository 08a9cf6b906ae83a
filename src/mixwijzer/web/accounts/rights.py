"""The access matrix: role × address × thing × field, as it is enforced.

Nothing is written here a second time: what an address needs is read from its view (`needs`), what
a role has from `roles.MATRIX`. Only which fields of a thing go with which action is said here; the
tests look at pages to see whether it is so. The page *Rights* and `docs/reference/access.md` are
made from this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from mixwijzer.web.accounts.roles import MATRIX, Action, Role

__all__ = ["FIELDS", "AddressRight", "actions", "addresses", "as_markdown", "fields", "roles_with"]

# What an action lets somebody see of a thing of the own organisation. Of another organisation's
# thing nobody sees anything; what is shared is an action of its own (SEE_OWN_...).
FIELDS: Mapping[str, Mapping[Action, str]] = {
    gettext_noop("complex"): {
        Action.SEE_HOMES: gettext_noop("name, address, owner, homes, facts about the building"),
        Action.SEE_ADVICE: gettext_noop(
            "judgements, account, room, outlook, steering power; only after the own view was given "
            "when one is asked"
        ),
    },
    gettext_noop("week round"): {
        Action.SEE_ADVICE: gettext_noop(
            "its homes and what was answered; ways, chances and texts only after every own view "
            "that is asked of its homes was given"
        ),
    },
    gettext_noop("line of a week round"): {
        Action.SEE_ADVICE: gettext_noop("who was asked about a home, and what was answered"),
        Action.ANSWER_ROUNDS: gettext_noop(
            "complex, size, way, group, ground and decide-by of the lines that the own "
            "organisation answers about, while they are on the table and after; nothing of the "
            "mix, of other homes or of who else answers"
        ),
    },
    gettext_noop("city round"): {
        Action.MATCH: gettext_noop(
            "its homes and its candidates by number; who gets what and why only after every own "
            "view that is asked of its homes was given; of another association at its table the "
            "name, how many homes and candidates it brings or why it takes no part, and the number "
            "of a candidate for a home of one's own"
        ),
    },
    gettext_noop("scenario"): {
        Action.SEE_ADVICE: gettext_noop(
            "what was asked, how far it is, figures of all homes together; those only after every "
            "own view that is asked was given"
        ),
        Action.COMPARE: gettext_noop("the figures and the portfolio behind them as files"),
    },
    gettext_noop("vacancy"): {
        Action.SEE_HOMES: gettext_noop("address, kind of home, dates, where it stands"),
        Action.SEE_ADVICE: gettext_noop("advice with its reasons, decision with its reason"),
    },
    gettext_noop("decision"): {
        Action.SEE_DEVIATIONS: gettext_noop("way, ground, followed or not, the reason chosen"),
    },
    gettext_noop("request for a place"): {
        Action.SEE_REQUESTS: gettext_noop("number, size, kind, group, partner, outcome"),
        Action.SEE_OWN_REQUESTS: gettext_noop("the same, of the own organisation's requests only"),
    },
    gettext_noop("candidate"): {
        Action.SEE_CANDIDATES: gettext_noop(
            "number, size, income class, registration, priority, agreed group; never a name"
        ),
    },
    gettext_noop("match"): {
        Action.SEE_CANDIDATES: gettext_noop("home, candidate's number, step, conditions, history"),
        Action.SEE_OWN_MATCHES: gettext_noop(
            "the same, of the own candidates only, from the partner's step on and while it is open"
        ),
    },
    gettext_noop("obligation"): {
        Action.SEE_OBLIGATIONS: gettext_noop(
            "group, target, done, under way, still to do, what is expected, lettings that count"
        ),
        Action.SEE_OWN_OBLIGATIONS: gettext_noop(
            "group, target, done, under way, still to do, of what was agreed with the own "
            "organisation; never below the municipality"
        ),
    },
    gettext_noop("agreement"): {
        Action.SEE_OBLIGATIONS: gettext_noop(
            "clauses in their own words, parties, deadlines, history; drafts too, and what goes "
            "along"
        ),
        Action.SEE_NORMS: gettext_noop("the same from the bid on, without what may go along"),
        Action.SEE_OWN_OBLIGATIONS: gettext_noop(
            "the same, of what is agreed with the own organisation"
        ),
    },
    gettext_noop("norm"): {Action.SEE_NORMS: gettext_noop("value, source, date, how hard it is")},
    gettext_noop("person"): {
        Action.SEE_PEOPLE: gettext_noop("name, e-mail address, roles and days, last use"),
    },
    gettext_noop("event of the trail"): {
        Action.SEE_TRAIL: gettext_noop("number, moment, action, person, thing, facts, hash"),
    },
}
MEANINGS: Mapping[Action, object] = {
    Action.SEE_HOMES: _("see complexes, homes and vacancies"),
    Action.SEE_ADVICE: _("see judgements, accounts, advice and decisions"),
    Action.JUDGE: _("say how it is in a complex"),
    Action.NOTIFY: _("enter a notice"),
    Action.DECIDE: _("decide and take back"),
    Action.HAND_OVER: _("hand a vacancy over"),
    Action.ASSIGN: _("say whose complex it is"),
    Action.READ_SECOND: _("read along at a deviation"),
    Action.SEE_REQUESTS: _("see all requests for a place"),
    Action.SEE_OWN_REQUESTS: _("see the own requests for a place"),
    Action.SEE_OBLIGATIONS: _("see what was promised"),
    Action.SEE_OWN_OBLIGATIONS: _("see what was promised to the own organisation"),
    Action.SEE_NORMS: _("see norms"),
    Action.SEE_DEVIATIONS: _("see deviations from advice"),
    Action.LOAD: _("bring in data"),
    Action.MANAGE_PEOPLE: _("invite people, give and end roles"),
    Action.SEE_PEOPLE: _("see who works here"),
    Action.CONFIRM_ROLE: _("confirm a role as second person"),
    Action.SEE_TRAIL: _("read the log"),
    Action.ERASE: _("erase personal content after its term"),
    Action.WRITE_PROFILES: _("write profiles and ask for advice on them"),
    Action.REVIEW_PROFILES: _("read a colleague's draft profile"),
    Action.ADVISE_PROFILES: _("advise on a profile, as tenants"),
    Action.ADOPT_PROFILES: _("adopt profiles"),
    Action.WRITE_AGREEMENTS: _("write agreements and bring out the bid"),
    Action.ANSWER_AGREEMENTS: _("agree to a bid or ask for changes, as another party"),
    Action.SIGN_AGREEMENTS: _("record that an agreement was signed, and what goes along"),
    Action.FREEZE: _("freeze a baseline"),
    Action.COMPARE: _("compare ways of letting"),
    Action.PLAN_ROUNDS: _("plan the round of judgements"),
    Action.SEE_CANDIDATES: _("see candidates, by number"),
    Action.MATCH: _("propose candidates, step back, call off"),
    Action.CHECK_LETTING: _("check the letting rules and hand over the key"),
    Action.SETTLE_REFUSALS: _("set a refusal aside"),
    Action.SEE_OWN_MATCHES: _("see and answer the own candidates' matches"),
    Action.ANSWER_ROUNDS: _("answer about the own lines of a week round"),
    Action.MANAGE_WORDS: _("change words, reasons and the public page"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRight:
    """An address, and the action that it needs: None where whoever is logged in may come."""

    name: str
    route: str
    needs: Action | None
    public: bool


def addresses() -> tuple[AddressRight, ...]:
    """Return every address of the site with what it needs, in the order of their names."""
    return tuple(sorted(_walk(get_resolver().url_patterns), key=lambda each: each.name))


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str = "/", space: str = ""
) -> Iterator[AddressRight]:
    for each in patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inside = f"{each.namespace}:" if each.namespace else ""
            yield from _walk(each.url_patterns, route, space + inside)
            continue
        view = each.callback
        yield AddressRight(
            name=f"{space}{each.name}",
            route=route,
            needs=_needs(view),
            public=not getattr(view, "login_required", True),
        )


def _needs(view: object) -> Action | None:
    """Return the action that a view asks for, through whatever is wrapped around it."""
    while view is not None:
        found: Action | None = getattr(view, "needs", None)
        if found is not None:
            return found
        view = getattr(view, "__wrapped__", None)
    return None


def roles_with(action: Action | None) -> tuple[Role, ...]:
    """Return the roles that have an action; all of them where none is needed."""
    return tuple(role for role in Role if action is None or action in MATRIX[role])


def actions() -> tuple[tuple[Action, object, tuple[bool, ...]], ...]:
    """Return each action in words, with yes or no per role."""
    return tuple(
        (action, MEANINGS.get(action, action.value), tuple(action in MATRIX[role] for role in Role))
        for action in Action
    )


def fields() -> tuple[tuple[str, Action, str, tuple[Role, ...]], ...]:
    """Return which fields of which thing go with which action, and to which roles."""
    return tuple(
        (thing, action, told, roles_with(action))
        for thing, parts in FIELDS.items()
        for action, told in parts.items()
    )


def as_markdown() -> str:
    """Return the whole matrix as the reference page shows it."""
    head = "| action | " + " | ".join(role.value for role in Role) + " |"
    rule = "|---" * (len(Role) + 1) + "|"
    rows = [
        f"| `{action.value}` | " + " | ".join("yes" if has else "" for has in held) + " |"
        for action, _words, held in actions()
    ]
    parts = [
        f"| {thing} | `{action.value}` | {told} | {', '.join(role.value for role in roles)} |"
        for thing, action, told, roles in fields()
    ]
    ways = [
        f"| `{each.route}` | {each.name} | {_asked(each)} |"
        for each in addresses()
        if not each.name.startswith("ui:")
    ]
    return "\n".join(
        [
            "## Role × action", "", head, rule, *rows, "",
            "## Thing × field", "", "| thing | action | fields | roles |", "|---|---|---|---|",
            *parts, "",
            "## Address × action", "", "| address | name | needs |", "|---|---|---|", *ways, "",
        ]
    )  # fmt: skip


def _asked(each: AddressRight) -> str:
    if each.public:
        return "nothing: anybody"
    return f"`{each.needs.value}`" if each.needs else "being logged in"
