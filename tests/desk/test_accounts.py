"""Passwords, logins, sessions."""

from __future__ import annotations

import datetime as dt

import pytest

from desk import accounts, passwords
from desk.errors import IncompleteError, LoginError
from desk.terminal import add_account
from desk.types import Role
from storage.store import Store
from tests.storage.conftest import NOW, settings_for
from tests.storage.test_acceptance import say

GOOD = "weifeng chuizhe xihu"
HERE, THERE = "203.0.113.7", "203.0.113.8"


def later(**kwargs: float) -> dt.datetime:
    return NOW + dt.timedelta(**kwargs)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", "password_short"),
        ("12345678901", "password_short"),
        ("x" * 201, "password_short"),
        ("123456789012", "password_common"),
        ("Password2026", "password_common"),
        ("PASSWORD!!!!", "password_common"),
        ("aaaaaaaaaaaaaaa", "password_common"),
        ("qwertyuiop12", "password_common"),
        ("woaini520 1314520", "password_common"),
        ("1qaz2wsx3edc", "password_common"),
        ("zxcvbnmasdfghjkl", "password_common"),
        ("王芳王芳王芳王芳王芳王芳", "password_common"),
        (GOOD, None),
        ("莫干山上的竹子又高又直很好看", None),
        ("correct staple 47 umbrella", None),
    ],
)
def test_guessable_passwords_are_refused(password: str, expected: str | None) -> None:
    """SE-16: length instead of composition rules, and not what is guessed first."""
    assert passwords.problem(password, "王芳") == expected


async def test_hash_is_argon2id_with_the_required_cost() -> None:
    """SE-16: m >= 19 MiB, t >= 2, p = 1."""
    value = await passwords.hash_password(GOOD)
    assert value.startswith("$argon2id$") and "m=19456,t=2,p=1" in value
    assert await passwords.fits(GOOD, value)
    assert not await passwords.fits(GOOD + " ", value)
    assert not await passwords.fits("nobody has this password", None)


async def test_a_fresh_store_has_no_account(store: Store) -> None:
    """SE-16: nobody can log in until an operator makes an account."""
    assert await store.staff.all() == ()
    for name, password in (("admin", "admin"), ("管理员", "123456789012"), ("", "")):
        with pytest.raises(LoginError):
            await accounts.login(store, name, password, address=HERE, now=NOW)


@pytest.mark.parametrize(
    ("name", "role", "password", "code"),
    [
        (" ", "值班员", GOOD, "name_empty"),
        ("x" * 31, "值班员", GOOD, "name_empty"),
        ("a\x00b", "值班员", GOOD, "name_empty"),
        ("李雷", "root", GOOD, "role_unknown"),
        ("李雷", "督导", "short", "password_short"),
        ("王芳", "督导", GOOD, "name_taken"),
    ],
)
async def test_accounts_that_will_not_do(
    store: Store, name: str, role: str, password: str, code: str
) -> None:
    await accounts.add(store, "王芳", "值班员", GOOD, now=NOW, by="test")
    with pytest.raises(IncompleteError) as refusal:
        await accounts.add(store, name, role, password, now=NOW, by="test")
    assert refusal.value.code == code


async def test_each_login_has_its_own_token_and_logout_ends_it(store: Store) -> None:
    """SE-17."""
    await accounts.add(store, "王芳", "值班员", GOOD, now=NOW, by="test")
    one = await accounts.login(store, " 王芳 ", GOOD, address=HERE, now=NOW)
    two = await accounts.login(store, "王芳", GOOD, address=HERE, now=NOW)
    assert one.token != two.token and one.csrf_token != two.csrf_token
    await accounts.logout(store, one.token, one.staff, NOW)
    assert await accounts.session(store, one.token, NOW, active=True) is None
    assert await accounts.session(store, two.token, NOW, active=True) is not None
    assert await accounts.session(store, "", NOW, active=True) is None


async def test_sessions_end_when_idle_and_after_twelve_hours(store: Store) -> None:
    """SE-17: what the page asks by itself does not keep it alive."""
    await accounts.add(store, "王芳", "值班员", GOOD, now=NOW, by="test")
    login = await accounts.login(store, "王芳", GOOD, address=HERE, now=NOW)
    assert await accounts.session(store, login.token, later(minutes=14), active=True) is not None
    assert await accounts.session(store, login.token, later(minutes=28), active=False) is not None
    assert await accounts.session(store, login.token, later(minutes=29, seconds=1), active=True) is None
    login = await accounts.login(store, "王芳", GOOD, address=HERE, now=NOW)
    for minutes in range(0, 12 * 60, 10):
        assert await accounts.session(store, login.token, later(minutes=minutes), active=True) is not None
    assert await accounts.session(store, login.token, later(hours=12), active=True) is None


async def test_who_owns_an_open_urgent_case_is_not_logged_out_for_being_still(store: Store) -> None:
    """SE-17: idle 15 minutes, not while owning an open S4."""
    member = await accounts.add(store, "王芳", "值班员", GOOD, now=NOW, by="test")
    login = await accounts.login(store, "王芳", GOOD, address=HERE, now=NOW)
    identifier, _ = await store.conversations.create(NOW)
    accepted = await say(store, identifier, "k", severity=4)
    await store.tickets.claim(str(accepted.ticket_id), member, (), NOW)
    assert await accounts.session(store, login.token, later(hours=2), active=False) is not None


async def test_failures_slow_down_one_account_at_one_address(store: Store) -> None:
    """SE-18: and never lock the person out at another address."""
    await accounts.add(store, "王芳", "值班员", GOOD, now=NOW, by="test")
    for _ in range(5):
        with pytest.raises(LoginError) as wrong:
            await accounts.login(store, "王芳", "wrong", address=HERE, now=NOW)
        assert (wrong.value.code, wrong.value.status) == ("login_wrong", 401)
    with pytest.raises(LoginError) as waiting:
        await accounts.login(store, "王芳", GOOD, address=HERE, now=later(seconds=1))
    assert (waiting.value.status, waiting.value.wait_seconds) == (429, 29)
    assert (await accounts.login(store, "王芳", GOOD, address=THERE, now=NOW)).failures_before == 0
    login = await accounts.login(store, "王芳", GOOD, address=HERE, now=later(seconds=31))
    assert login.failures_before == 5
    assert (
        await accounts.login(store, "王芳", GOOD, address=HERE, now=later(seconds=32))
    ).failures_before == 0


async def test_one_address_that_tries_many_names_waits_briefly(store: Store) -> None:
    """SE-18: an office behind one address is slowed down, not shut out."""
    await accounts.add(store, "王芳", "值班员", GOOD, now=NOW, by="test")
    for number in range(20):
        await store.staff.failed_login(store.fingerprint(HERE), f"nobody{number}", NOW)
    with pytest.raises(LoginError) as waiting:
        await accounts.login(store, "王芳", GOOD, address=HERE, now=later(seconds=1))
    assert waiting.value.wait_seconds <= 30
    await accounts.login(store, "王芳", GOOD, address=HERE, now=later(seconds=31))


async def test_unknown_name_and_wrong_password_look_alike(store: Store) -> None:
    """SE-18; the log holds no typed name that is not an account: it may be a password."""
    await accounts.add(store, "王芳", "值班员", GOOD, now=NOW, by="test")
    texts = set()
    for name in ("王芳", "my secret password"):
        with pytest.raises(LoginError) as wrong:
            await accounts.login(store, name, "wrong", address=HERE, now=NOW)
        texts.add((wrong.value.code, wrong.value.status, wrong.value.wait_seconds))
    assert len(texts) == 1
    assert "my secret" not in repr(await store.audit.entries())


async def test_disabled_accounts_are_out_at_once(store: Store) -> None:
    await accounts.add(store, "王芳", "值班员", GOOD, now=NOW, by="test")
    await accounts.add(store, "老陈", Role.ADMINISTRATOR, GOOD, now=NOW, by="test")
    login = await accounts.login(store, "王芳", GOOD, address=HERE, now=NOW)
    await accounts.disable(store, "王芳", now=NOW, by="老陈")
    assert await accounts.session(store, login.token, NOW, active=True) is None
    with pytest.raises(LoginError):
        await accounts.login(store, "王芳", GOOD, address=HERE, now=NOW)
    with pytest.raises(IncompleteError, match="last_administrator"):
        await accounts.disable(store, "老陈", now=NOW, by="老陈")


def test_the_terminal_says_what_is_wrong(tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings = settings_for(tmp_path)
    assert add_account(settings, "王芳", "值班员", GOOD) is None
    assert "already" in str(add_account(settings, "王芳", "值班员", GOOD))
    assert "12 characters" in str(add_account(settings, "李雷", "值班员", "short"))
    broken = settings_for(tmp_path, "mysql://x")
    assert "postgresql" in str(add_account(broken, "李雷", "值班员", GOOD))
