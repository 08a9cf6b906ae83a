"""A sender that is killed, two at one moment, and the command itself: in processes of their own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.web.config import installation
from tests.web.config.installation import PATIENCE, Installation
from tests.web.mail.postbox import Postbox

pytestmark = pytest.mark.fault

BUILD = """
from tests.builders import hanzeveen
from tests.cast import make_cast
from tests.web.acting import load_town
load_town(make_cast(), hanzeveen())
"""
CALLS = """
from mixwijzer.web.mail.models import Call, Message
print(Call.of_everybody.count(), *sorted(Message.of_everybody.values_list("state", flat=True)))
"""
NO_DAILY = """
from mixwijzer.web.accounts.models import User
from mixwijzer.web.mail.models import Kind, When
from mixwijzer.web.mail.services import wish
for each in User.objects.all():
    wish(user=each, language="nl", when=dict.fromkeys(Kind, When.AT_ONCE) | {Kind.LATE: "never"})
"""
LEASE_PASSES = """
from datetime import timedelta
from django.db.models import F
from mixwijzer.web.mail.models import Message
Message.of_everybody.update(claimed_at=F("claimed_at") - timedelta(minutes=int(sys.argv[1])))
"""


def given(postbox: Postbox) -> dict[str, str]:
    return {
        "MIXWIJZER_MAIL_SERVER": postbox.url,
        "MIXWIJZER_MAIL_FROM": "mixwijzer@hanzeveen.example",
        "MIXWIJZER_ADDRESS": "https://mixwijzer.hanzeveen.example",
    }


@pytest.fixture(scope="module")
def built(
    migrated: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """A town with notices that call Iris and Olga, each in a mail that isn't sent yet."""
    made = migrated.copied(tmp_path_factory.mktemp("site"))
    replace(made, extra=given(Postbox(port=1))).python(BUILD + NO_DAILY)
    yield made
    installation.removed(made)


@pytest.fixture
def site(built: Installation, postbox: Postbox, tmp_path) -> Iterator[Installation]:
    """A copy of that town, which sends to the postbox."""
    made = replace(built.copied(tmp_path / "home"), extra=given(postbox))
    yield made
    installation.removed(made)


def test_the_command_sends_once_and_says_so(site: Installation, postbox: Postbox):
    first, second = site.run("send_mail"), site.run("send_mail")
    assert (first.code, second.code) == (0, 0), first.err
    assert "Sent: 2 mails" in first.out
    assert "Sent: 0 mails" in second.out
    assert sorted(postbox.to) == ["iris@hanzeveen.example", "olga@hanzeveen.example"]


def test_a_sender_that_is_killed_before_it_could_mark_repeats_the_same_mail_and_loses_none(
    site: Installation, postbox: Postbox
):
    """The server has the mail and the database doesn't know: its Message-ID tells they are one."""
    postbox.hold = threading.Event()
    process = site.start("send_mail")
    assert postbox.took.wait(PATIENCE)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    postbox.hold.set()
    assert len(postbox.mails) == 1
    assert site.run("send_mail").code == 0
    assert len(postbox.mails) == 2  # the other's; the first is still claimed
    site.python(LEASE_PASSES, 16)
    assert site.run("send_mail").code == 0
    assert site.run("send_mail").code == 0
    ids = [mail["Message-ID"] for mail in postbox.mails]
    assert (len(ids), len(set(ids))) == (3, 2)
    assert postbox.to.count(postbox.to[0]) == 2
    assert site.python(CALLS).split()[1:] == ["sent", "sent"]


def test_of_two_senders_at_one_moment_each_mail_is_sent_by_one(
    site: Installation, postbox: Postbox
):
    both = [site.start("send_mail") for _ in range(2)]
    for each in both:
        _, err = each.communicate(timeout=PATIENCE)
        assert each.returncode == 0, err
    assert sorted(postbox.to) == ["iris@hanzeveen.example", "olga@hanzeveen.example"]


def test_a_server_that_is_away_is_told_with_an_exit_code(site: Installation, postbox: Postbox):
    away = replace(site, extra={**site.extra, "MIXWIJZER_MAIL_SERVER": "smtp://127.0.0.1:1"})
    assert away.run("send_mail").code == 1
    none = replace(site, extra={})
    said = none.run("send_mail")
    assert said.code == 2
    assert "No mail server is set" in said.err
    assert postbox.mails == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MIXWIJZER_MAIL_SERVER", "mail.example:25", "smtp+starttls://host"),
        ("MIXWIJZER_MAIL_SERVER", "smtp://me:secret@mail.example", "without a user or password"),
        ("MIXWIJZER_MAIL_FROM", "", "MIXWIJZER_MAIL_FROM is missing"),
        ("MIXWIJZER_ADDRESS", "http://mixwijzer.example", "write https://"),
        ("MIXWIJZER_ADDRESS", "", "MIXWIJZER_ADDRESS is missing"),
    ],
)
def test_a_mail_server_that_cannot_be_used_stops_the_start_with_the_way_out(
    tmp_path, postbox: Postbox, name: str, value: str, says: str
):
    said = Installation(home=tmp_path, extra={**given(postbox), name: value}).run("send_mail")
    assert said.code == 2
    assert says in said.err
