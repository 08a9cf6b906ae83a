"""A person decides, with one reason; what was decided can be shown again to the last bit."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from mixwijzer.engine.reasons import Verdict
from mixwijzer.web.audit.models import Event as TrailEvent
from mixwijzer.web.audit.selectors import verify
from mixwijzer.web.letting import bridge, services
from mixwijzer.web.letting.models import Advice, Decision, Step, Vacancy, Withdrawal
from mixwijzer.web.letting.reasons import DeviateReason, FollowReason
from mixwijzer.web.letting.refusals import (
    AdviceChanged,
    AlreadyDecided,
    NoGround,
    NotNow,
    NotYours,
    ReasonMissing,
    Taken,
    TooLate,
    UnknownChannel,
    VersionChanged,
)
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.register.models import Letting
from mixwijzer.web.register.services import verify_accounts
from tests.builders import NOW, TODAY, a_cap, a_channel, hanzeveen, with_rows
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, load_town, the_page, the_vacancy
from tests.web.letting.crowded import judged

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def one_place(cast: Cast) -> Cast:
    """Vlierhof has a cap of 7, and everybody is nearly sure that there are 6: one place."""
    load_town(cast, with_rows(hanzeveen(), caps=(a_cap("Vlier", 7),)))
    judged(cast, "Vlier", (6, 6, 6))
    services.answer(
        user=cast.iris,
        vacancy=the_vacancy(cast.iris, "Vlierhof 3").id,
        ranges={"attention": (6, 6, 6), "carrier": (2, 3, 4)},
        known="all",
        now=NOW,
    )
    return cast


def promised(cast: Cast) -> list[str]:
    rows = Letting.objects.for_organisation(cast.woonbelang).filter(
        replaced_at=None, notice__startswith="V-Vlier"
    )
    return sorted(rows.values_list("notice", flat=True))


class TestFollowing:
    def test_one_click_and_one_reason_record_the_decision(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        decision = decides(town.iris, page)
        assert (decision.actor, decision.followed, decision.reason) == (
            town.iris,
            True,
            FollowReason.FITS_VIEW,
        )
        after = the_page(town.iris, "Vlierhof 3")
        assert after.state == State.DECIDED
        assert after.decision is not None
        assert after.decision.channel == page.advice.recommended
        assert after.history[0].event == Event.DECIDE

    def test_the_home_counts_as_promised_from_then_on(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        before = the_page(town.iris, "Vlierhof 24").advice.open_vacancies
        decides(town.iris, page)
        assert promised(town) == ["V-Vlier-003"]
        assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()
        assert the_page(town.mo, "Vlierhof 24").complex.open_vacancies == before - 1

    def test_it_stands_in_the_trail_with_who_and_why(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        decides(town.iris, page)
        last = TrailEvent.objects.for_organisation(town.woonbelang).order_by("-number")[0]
        assert (last.action, last.actor, last.subject) == (
            "letting.decide",
            town.iris,
            page.id,
        )
        assert '"reason":"fits_view"' in (last.payload or "")
        assert verify(town.woonbelang).holds


class TestDeviating:
    def test_another_way_takes_one_reason_too(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        other = next(
            each.channel.id
            for each in page.advice.channels
            if each.has_ground and each.channel.id != page.advice.recommended
        )
        decision = decides(town.iris, page, channel=other, reason="haste")
        assert (decision.followed, decision.advised_channel) == (False, page.advice.recommended)

    @pytest.mark.parametrize("reason", ["", "anders", "fits_view"])
    def test_without_a_reason_of_its_own_list_nothing_is_kept(self, town: Cast, reason):
        page = answers(town.iris, "Vlierhof 3")
        other = "mediation" if page.advice.recommended == "ordinary" else "ordinary"
        with pytest.raises(ReasonMissing) as refused:
            decides(town.iris, page, channel=other, reason=reason)
        assert not refused.value.following
        assert not Decision.objects.for_organisation(town.woonbelang).exists()

    @pytest.mark.parametrize("reason", ["", "haste"])
    def test_following_takes_a_reason_of_its_own_list(self, town: Cast, reason):
        page = answers(town.iris, "Vlierhof 3")
        with pytest.raises(ReasonMissing) as refused:
            decides(town.iris, page, reason=reason)
        assert refused.value.following

    def test_both_lists_are_closed_and_equally_easy(self):
        assert len(FollowReason) >= 3
        assert not set(FollowReason.values) & set(DeviateReason.values)

    def test_the_database_itself_refuses_a_reason_of_the_other_list(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        decision = decides(town.iris, page)
        decision.pk, decision.key, decision.reason = None, a_key(), "haste"
        decision.public_id = uuid.uuid4()
        decision.withdrawn_at = NOW
        with pytest.raises(IntegrityError), transaction.atomic():
            decision.save(force_insert=True)


class TestGrounds:
    def test_a_channel_of_which_the_agreement_ended_cannot_be_chosen(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        with pytest.raises(NoGround) as refused:
            decides(town.iris, page, channel="landing", reason="haste")
        assert refused.value.ended is not None
        assert refused.value.ended.isoformat() == "2026-11-01"
        assert promised(town) == []

    def test_a_channel_that_does_not_exist_cannot_be_chosen(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        with pytest.raises(UnknownChannel):
            decides(town.iris, page, channel="loting", reason="haste")

    def test_a_channel_that_got_its_ground_since_may_be_chosen(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        renewed = tuple(
            replace(each, ground_end=TODAY + timedelta(days=365)) if each.id == "landing" else each
            for each in hanzeveen().channels
        )
        fresh = a_channel("lottery", ("0.30", "0.55", "0.15"))
        load_town(town, replace(hanzeveen(), channels=(*renewed, fresh)), now=LATER)
        assert decides(town.iris, page, channel="lottery", now=LATER).channel == "lottery"
        other = the_page(town.iris, "Vlierhof 24", LATER)
        assert decides(town.iris, other, channel="landing", now=LATER).ground == "direct_mediation"


class TestTwoAtOnce:
    def test_the_second_is_told_who_was_first_and_when(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        decides(town.mo, page)
        with pytest.raises(AlreadyDecided) as refused:
            decides(town.iris, page, now=LATER)
        assert (refused.value.by, refused.value.at) == ("Mo Staal", NOW)
        assert Decision.objects.for_organisation(town.woonbelang).count() == 1

    def test_the_same_form_twice_is_one_decision(self, town: Cast):
        page, key = answers(town.iris, "Vlierhof 3"), a_key()
        first = decides(town.iris, page, key=key)
        again = decides(town.iris, page, key=key, now=LATER)
        assert first.pk == again.pk
        assert Step.objects.for_organisation(town.woonbelang).filter(event="decide").count() == 1

    def test_the_last_place_goes_to_the_first_and_the_second_is_told(self, one_place: Cast):
        first = the_page(one_place.iris, "Vlierhof 3")
        second = the_page(one_place.iris, "Vlierhof 24")
        assert first.advice.category("attention").verdict is Verdict.TIGHT
        decides(one_place.mo, first, channel="mediation")
        with pytest.raises(Taken) as refused:
            decides(one_place.iris, second, channel="mediation", now=LATER)
        told = refused.value
        assert (told.by, told.at, told.what, told.category) == (
            "Mo Staal",
            NOW,
            "Vlierhof 3",
            "attention",
        )
        assert promised(one_place) == ["V-Vlier-003"]

    def test_after_looking_again_the_second_may_still_decide(self, one_place: Cast):
        decides(
            one_place.mo,
            the_page(one_place.iris, "Vlierhof 3"),
            channel="mediation",
        )
        page = the_page(one_place.iris, "Vlierhof 24", LATER)
        assert not page.fresh
        services.open_advice(user=one_place.iris, vacancy=page.id, now=LATER)
        page = the_page(one_place.iris, "Vlierhof 24", LATER)
        assert page.fresh
        assert page.advice.category("attention").verdict < Verdict.TIGHT
        decides(one_place.iris, page, channel="mediation", now=LATER)
        assert promised(one_place) == ["V-Vlier-003", "V-Vlier-024"]

    def test_an_advice_that_grew_worse_for_another_reason_says_what_changed(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        before = page.advice.category("attention").verdict
        judged(town, "Vlier", (11, 12, 13))
        with pytest.raises(AdviceChanged) as refused:
            decides(town.iris, page, channel="mediation", now=LATER)
        assert (refused.value.category, refused.value.before) == ("attention", before.name)

    def test_an_old_page_is_told_what_happened_since(self, town: Cast):
        page = answers(town.iris, "Vlierhof 3")
        services.open_advice(user=town.mo, vacancy=page.id, now=LATER)
        with pytest.raises(VersionChanged) as refused:
            decides(town.iris, page, now=LATER)
        assert (refused.value.by, refused.value.event) == ("Mo Staal", "open")

    def test_the_database_itself_allows_one_decision_per_vacancy(self, town: Cast):
        decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
        decision.pk, decision.key, decision.public_id = None, a_key(), uuid.uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            decision.save(force_insert=True)

    def test_when_only_the_database_held_the_loser_still_hears_who_was_first(
        self, town: Cast, monkeypatch
    ):
        """Suppose the check under the lock were passed: the constraint is the last line."""
        page = answers(town.iris, "Vlierhof 3")
        decides(town.mo, page)
        Vacancy.objects.for_organisation(town.woonbelang).filter(public_id=page.id).update(
            state=State.ADVISED, version=page.version
        )
        from mixwijzer.web.letting.services import deciding

        real, calls = deciding._refuse_decided, []

        def once_blind(row: Vacancy) -> None:
            calls.append(row)
            if len(calls) > 1:
                real(row)

        monkeypatch.setattr(deciding, "_refuse_decided", once_blind)
        with pytest.raises(AlreadyDecided) as refused:
            decides(town.iris, page, channel="ordinary", reason="haste", now=LATER)
        assert refused.value.by == "Mo Staal"


class TestTakingBack:
    def test_until_the_advert_is_out_it_can_be_taken_back_and_stays_in_the_history(
        self, town: Cast
    ):
        decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
        vacancy = services.withdraw(
            user=town.iris, decision=decision.public_id, reason="mistake", key=a_key(), now=LATER
        )
        page = the_page(town.iris, "Vlierhof 3", LATER)
        assert vacancy == page.id
        assert (page.state, page.decision) == (State.ADVISED, None)
        assert [each.event for each in page.history[:2]] == ["withdraw", "decide"]
        assert promised(town) == []
        assert Withdrawal.objects.for_organisation(town.woonbelang).get().by == town.iris
        assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()

    def test_then_another_decision_can_stand(self, town: Cast):
        decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
        services.withdraw(
            user=town.mo, decision=decision.public_id, reason="changed", key=a_key(), now=LATER
        )
        again = decides(town.mo, the_page(town.mo, "Vlierhof 3", LATER), now=LATER)
        assert again.pk != decision.pk
        assert promised(town) == ["V-Vlier-003"]

    def test_sent_twice_it_is_taken_back_once(self, town: Cast):
        decision, key = decides(town.iris, answers(town.iris, "Vlierhof 3")), a_key()
        for _ in range(2):
            services.withdraw(
                user=town.iris, decision=decision.public_id, reason="mistake", key=key, now=LATER
            )
        assert Withdrawal.objects.for_organisation(town.woonbelang).count() == 1

    def test_what_is_taken_back_cannot_be_taken_back_again(self, town: Cast):
        decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
        services.withdraw(
            user=town.iris, decision=decision.public_id, reason="mistake", key=a_key(), now=LATER
        )
        with pytest.raises(NotNow):
            services.withdraw(
                user=town.mo,
                decision=decision.public_id,
                reason="mistake",
                key=a_key(),
                now=LATER,
            )

    def test_once_the_advert_is_out_it_stands(self, town: Cast):
        decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
        out = NOW + timedelta(days=7)
        with pytest.raises(TooLate) as refused:
            services.withdraw(
                user=town.iris, decision=decision.public_id, reason="mistake", key=a_key(), now=out
            )
        assert refused.value.since.isoformat() == "2026-11-30"
        assert Event.WITHDRAW not in the_page(town.iris, "Vlierhof 3", out).may

    @pytest.mark.parametrize("reason", ["", "returned", "spijt"])
    def test_taking_back_takes_a_reason(self, town: Cast, reason):
        decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
        with pytest.raises(ReasonMissing):
            services.withdraw(
                user=town.iris,
                decision=decision.public_id,
                reason=reason,
                key=a_key(),
                now=LATER,
            )


class TestSecondReader:
    @pytest.fixture
    def proposed(self, town: Cast, monkeypatch) -> Decision:
        """The norm asks a second reader for a deviation, and Iris deviated."""
        from mixwijzer.web.letting.services import deciding

        monkeypatch.setattr(deciding.bridge, "norm_says", lambda key, day: True)
        page = answers(town.iris, "Vlierhof 3")
        other = "mediation" if page.advice.recommended == "ordinary" else "ordinary"
        return decides(town.iris, page, channel=other, reason="haste")

    def test_a_deviation_waits(self, town: Cast, proposed: Decision):
        page = the_page(town.iris, "Vlierhof 3")
        assert page.state == State.SECOND_READING
        assert page.decision is not None
        assert page.decision.waits_for_reader
        assert Event.CONFIRM not in page.may
        assert Event.CONFIRM in the_page(town.mo, "Vlierhof 3").may

    def test_the_head_of_letting_agrees_and_it_stands(self, town: Cast, proposed: Decision):
        services.confirm(user=town.mo, decision=proposed.public_id, now=LATER)
        page = the_page(town.iris, "Vlierhof 3", LATER)
        assert page.state == State.DECIDED
        assert page.decision is not None
        assert (page.decision.waits_for_reader, page.decision.read_by) == (False, "Mo Staal")

    def test_or_gives_it_back_and_it_no_longer_stands(self, town: Cast, proposed: Decision):
        services.send_back(user=town.mo, decision=proposed.public_id, key=a_key(), now=LATER)
        page = the_page(town.iris, "Vlierhof 3", LATER)
        assert (page.state, page.decision) == (State.ADVISED, None)
        assert promised(town) == []

    def test_a_consultant_reads_nobody_along(self, town: Cast, proposed: Decision):
        from django.core.exceptions import PermissionDenied

        with pytest.raises(PermissionDenied):
            services.confirm(user=town.sem, decision=proposed.public_id, now=LATER)

    def test_nobody_confirms_himself(self, town: Cast, monkeypatch):
        from mixwijzer.web.letting.services import deciding

        monkeypatch.setattr(deciding.bridge, "norm_says", lambda key, day: True)
        page = answers(town.iris, "Vlierhof 3")
        other = "mediation" if page.advice.recommended == "ordinary" else "ordinary"
        decision = decides(town.mo, page, channel=other, reason="haste")
        with pytest.raises(NotYours):
            services.confirm(user=town.mo, decision=decision.public_id, now=LATER)

    def test_following_needs_none(self, town: Cast, monkeypatch):
        from mixwijzer.web.letting.services import deciding

        monkeypatch.setattr(deciding.bridge, "norm_says", lambda key, day: True)
        assert not decides(town.iris, answers(town.iris, "Vlierhof 3")).needs_reader

    def test_without_that_norm_nobody_waits(self, town: Cast):
        assert not bridge.norm_says("letting.second_reader", TODAY)


class TestReplay:
    def test_years_later_the_same_bytes_come_out(self, town: Cast):
        decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
        judged(town, "Vlier", (11, 12, 13))
        stored = Decision.objects.for_organisation(town.woonbelang).get(pk=decision.pk)
        assert bridge.dump_advice(services.replay(stored)) == stored.checked

    def test_so_does_the_advice_as_it_was_opened(self, town: Cast):
        answers(town.iris, "Vlierhof 3")
        for opened in Advice.objects.for_organisation(town.woonbelang):
            assert opened.inputs is not None
            assert bridge.dump_advice(bridge.Case.load(opened.inputs).advice) == opened.result
            assert bridge.fingerprint(opened.inputs) == opened.inputs_hash

    def test_what_was_erased_says_so(self, town: Cast):
        decision = decides(town.iris, answers(town.iris, "Vlierhof 3"))
        rows = Decision.objects.for_organisation(town.woonbelang).filter(pk=decision.pk)
        rows.update(checked_inputs=None)
        with pytest.raises(LookupError):
            services.replay(rows.get())


@pytest.mark.fault
def test_at_whatever_step_the_database_fails_nothing_is_half_done(town: Cast):
    """Fail at the 1st, 2nd, … statement of a decision: as if it had not started; then it works."""
    page, key = answers(town.iris, "Vlierhof 3"), a_key()
    untouched = snapshot(town)
    failures = 0
    for fatal in range(1, 400):
        count = 0

        def failing(execute, sql, params, many, context, fatal=fatal):
            nonlocal count
            count += 1
            if count == fatal:
                raise OperationalError("disk I/O error")
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(failing), transaction.atomic():
                decides(town.iris, page, key=key)
            break
        except OperationalError:
            failures += 1
            assert snapshot(town) == untouched
    assert failures > 30
    assert snapshot(town) != untouched
    assert verify(town.woonbelang).holds
    assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()


def snapshot(cast: Cast) -> tuple[object, ...]:
    owner = cast.woonbelang
    return (
        Decision.objects.for_organisation(owner).count(),
        promised(cast),
        Step.objects.for_organisation(owner).count(),
        verify(owner),
        list(
            Vacancy.objects.for_organisation(owner).order_by("pk").values_list("state", "version")
        ),
    )


def test_a_decision_takes_a_fixed_number_of_queries(town: Cast, django_assert_max_num_queries):
    page = answers(town.iris, "Vlierhof 3")
    with django_assert_max_num_queries(70):
        decides(town.iris, page)


def test_a_vacancy_typed_by_hand_and_delivered_is_one(town: Cast):
    page = the_page(town.iris, "Molenhof 2")
    given = services.notice(user=town.iris, dwelling=page.facts.dwelling, free_from=TODAY, now=NOW)
    assert (given.vacancy, given.findings) == (page.id, ())


def test_a_notice_typed_by_hand_asks_the_consultant_of_the_complex(town: Cast):
    from mixwijzer.web.desk.selectors import search

    home = search(town.tessa, query="Vlierhof 9")[0]
    typed = services.notice(
        user=town.tessa,
        dwelling=home.id,
        free_from=TODAY + timedelta(days=30),
        publication=TODAY + timedelta(days=10),
        now=NOW,
    )
    line = the_vacancy(town.iris, "Vlierhof 9")
    assert (line.id, line.asked, line.responsible) == (typed.vacancy, True, "Iris Voorbeeld")
    assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()
