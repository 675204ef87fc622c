"""Which mailboxes a detaining state can have opened."""

import pytest

from app.mail.reach import in_reach_of_state


@pytest.mark.parametrize(
    "address",
    [
        "anna@tut.by",
        "anna@post.example.by",
        "anna@mail.ru",
        "anna@inbox.ru",
        "anna@YANDEX.RU",
        "anna@yandex.com",
        "anna@yandex.kz",
        "anna@team.yandex.com",
        "anna@yandex.ru.",
        "anna@vk.com",
        "anna@rambler.ua",
        "anna@пошта.бел",
        "anna@почта.рф",
        "anna@xn--80a1acny.xn--p1ai",
        "anna@example.su",
        "anna@qq.com",
        "anna@vip.163.com",
        "anna@foxmail.com",
        "anna@sina.cn",
        "anna@post.example.cn",
        "anna@邮箱.中国",
        "anna@example.com.hk",
        "no address at all.by",
        "anna@" + "x" * 64 + ".org",
    ],
)
def test_a_mailbox_in_reach(address: str) -> None:
    assert in_reach_of_state(address)


@pytest.mark.parametrize(
    "address",
    [
        "anna@example.org",
        "anna@notyandex.com",
        "by@example.de",
        "anna@mail.ru.example.org",
        "anna@baby",
        "anna@notqq.com",
        "cn@example.de",
        "a@xn--bcher-kva.de",
    ],
)
def test_a_mailbox_out_of_reach(address: str) -> None:
    assert not in_reach_of_state(address)
