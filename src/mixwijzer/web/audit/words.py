"""What is an event or a look called on the screen?"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["spoken"]

WORDS: Mapping[str, Promise] = {
    "accounts.invitation_accepted": _("invitation taken up"),
    "accounts.link_ended": _("link ended"),
    "accounts.log_ins_ended": _("log-ins ended"),
    "accounts.organisation_made": _("organisation added"),
    "accounts.password_chosen": _("new password chosen"),
    "accounts.password_link_made": _("link for a new password made"),
    "accounts.person_invited": _("person invited"),
    "accounts.role_confirmed": _("role confirmed"),
    "accounts.role_ended": _("role ended"),
    "accounts.role_given": _("role given"),
    "desk:complex": _("page of a complex"),
    "outlook.lay": _("key figures laid on the table with a municipality"),
    "outlook.scenario_archive": _("scenario put away"),
    "outlook.scenario_cancel": _("scenario stopped"),
    "outlook.scenario_fail": _("scenario can't be computed"),
    "outlook.scenario_finish": _("scenario computed"),
    "outlook.scenario_make": _("scenario made"),
    "outlook.scenario_resume": _("scenario gone on with"),
    "outlook.scenario_start": _("computing of a scenario begun"),
    "outlook:figures": _("the figures as a file"),
    "outlook:stock": _("the portfolio behind a scenario"),
    "letting.answer": _("own view given"),
    "letting.decide": _("decided"),
    "letting.hand_over": _("handed over"),
    "letting.notice": _("notice entered"),
    "letting.correct_notice": _("notice corrected"),
    "letting.withdraw_notice": _("notice withdrawn"),
    "letting.open": _("advice opened"),
    "letting.withdraw": _("decision taken back"),
    "letting:vacancy": _("page of a vacancy"),
    "mail.given_up": _("mail given up"),
    "mail.refused": _("mail refused by the mail server"),
    "mail.sent": _("mail sent that a step waits"),
    "profiles.adopt": _("profile adopted"),
    "profiles.approve": _("draft agreed with"),
    "profiles.ask": _("tenants asked for advice"),
    "profiles.edit": _("draft changed"),
    "profiles.start": _("draft begun"),
    "profiles.submit": _("draft sent to be read"),
    "pulse.make": _("round planned"),
    "pulse.start": _("round begun"),
    "register.load": _("data loaded"),
    "register.mapping": _("mapping file kept"),
    "register.mapping-removed": _("mapping file taken away"),
    "register.renumber": _("complex renumbered"),
    "register.shapes": _("map loaded"),
    "rounds.adopt": _("week round adopted"),
    "rounds.advert": _("text of a home changed"),
    "rounds.answer": _("home of a week round answered"),
    "rounds.city_adopt": _("city round adopted"),
    "rounds.city_confirm": _("candidate of a city round proposed"),
    "rounds.city_drop": _("city round withdrawn"),
    "rounds.city_execute": _("city round carried out"),
    "rounds.city_fail": _("city round not computed"),
    "rounds.city_finish": _("city round computed"),
    "rounds.city_lay": _("city round laid on the table"),
    "rounds.city_leave": _("home of a city round left out"),
    "rounds.city_make": _("city round set out"),
    "rounds.city_release": _("city round released"),
    "rounds.city_run": _("computing of a city round asked"),
    "rounds.city_stop": _("computing of a city round stopped"),
    "rounds.city_taken": _("candidate proposed by another association at the table"),
    "rounds.compute": _("week round computed"),
    "rounds.drop": _("week round taken off"),
    "rounds.execute": _("week round published"),
    "rounds.make": _("week round made"),
    "rounds.release": _("week round put on the table"),
    "rounds.table_closed": _("table of several associations closed"),
    "rounds.table_declined": _("association takes no part at a table"),
    "rounds.table_opened": _("table of several associations opened again"),
    "rounds.table_returned": _("association takes part at a table after all"),
    "rounds.table_set": _("associations asked to divide together"),
    "rounds.undo": _("answer in a week round taken back"),
}


def spoken(action: str) -> str:
    """Return the words of an action, or its own name where there are none."""
    return str(WORDS.get(action, action.rpartition(".")[2].replace("_", " ")))
