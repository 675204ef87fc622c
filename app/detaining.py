"""The countries that detain, and what the programme knows of each: post, languages, facilities, mailboxes. Pure.

One table. Whoever runs Vestka for prisoners of another country adds a row here, and sign-up, new records, envelopes and
mails follow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class DetainingCountry:
    """One country whose prisoners stand in the records.

    `code`: ISO 3166-1 alpha-2. `address_line`: how an envelope names it, for the sorting offices there and at home.
    `letter_languages`: ISO 639-1 codes of what its censors pass and its prisoners read (docs/domain.md, "Letters" 1).
    `numbered_nationwide`: whether kind and number name one facility; elsewhere regions count anew, and the postcode
    must agree. `mail_domains`: ends of domain names, as they are on the wire, under which every provider can be made to
    open a mailbox. `mail_providers`: domains of its own providers under other ends.
    """

    code: str
    address_line: str
    letter_languages: tuple[str, ...]
    numbered_nationwide: bool
    mail_domains: frozenset[str]
    mail_providers: frozenset[str]


_BELARUS: Final = DetainingCountry(
    code="BY",
    address_line="РЕСПУБЛИКА БЕЛАРУСЬ / REPUBLIC OF BELARUS",
    letter_languages=("ru", "be"),
    numbered_nationwide=True,
    mail_domains=frozenset({"by", "xn--90ais"}),  # .бел
    mail_providers=frozenset(),
)

_RUSSIA: Final = DetainingCountry(
    code="RU",
    address_line="РОССИЯ / RUSSIA",
    letter_languages=("ru",),
    numbered_nationwide=False,
    mail_domains=frozenset({"ru", "su", "xn--p1ai"}),  # the former Soviet Union's, and .рф
    mail_providers=frozenset(
        {
            # Yandex, beside its .ru and .by names.
            "yandex.com", "yandex.kz", "yandex.ua", "yandex.uz", "yandex.az", "yandex.com.am", "yandex.com.ge",
            "yandex.com.tr", "yandex.co.il", "yandex.ee", "yandex.fr", "yandex.kg", "yandex.lt", "yandex.lv",
            "yandex.md", "yandex.tj", "yandex.tm",
            # VK, who run mail.ru, beside its .ru names.
            "vk.com", "mail.ua", "mail.kz",
            # Rambler.
            "rambler.ua",
        }
    ),
)  # fmt: skip

_CHINA: Final = DetainingCountry(
    code="CN",
    address_line="中国 / CHINA",
    letter_languages=("zh",),
    numbered_nationwide=False,
    # .中国 and .中國, .公司 and .网络, which its network centre runs; Hong Kong and .香港, Macau and .澳門.
    mail_domains=frozenset(
        {
            "cn", "xn--fiqs8s", "xn--fiqz9s", "xn--55qx5d", "xn--io0a7i",
            "hk", "xn--j6w193g", "mo", "xn--mix891f",
        }
    ),
    mail_providers=frozenset(
        {
            # Tencent.
            "qq.com", "foxmail.com",
            # NetEase.
            "163.com", "126.com", "188.com", "yeah.net", "netease.com",
            # Sina, Sohu, Alibaba, TOM, China Mobile and China Telecom, beside their .cn names.
            "sina.com", "sohu.com", "aliyun.com", "tom.com", "139.com", "21cn.com", "263.net",
        }
    ),
)  # fmt: skip

DETAINING_COUNTRIES: Final[Mapping[str, DetainingCountry]] = MappingProxyType(
    {country.code: country for country in (_BELARUS, _RUSSIA, _CHINA)}
)
"""Every detaining country by its code. Nobody there may sign up, since help itself is evidence."""
