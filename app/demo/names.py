"""Names of prisoners who do not exist, and who look it. Pure.

Our own list. Every surname says in Belarusian that it is made up (`Vymyšlieny`: thought up, `Prykladny`: for example,
`Papiarovy`: of paper), and no one is called so; given names and patronymics are everyday ones. Each is kept in
Belarusian Latin letters, in Belarusian and in Russian, as public lists write them.
"""

from dataclasses import dataclass

from app.demo.dice import Dice
from app.vocabulary import Gender

_LONGER_SHARE = 0.16
_LONGEST_SHARE = 0.03
_RUSSIAN_SHARE = 0.4

# Latin, Belarusian and Russian stem: the masculine ending is -y, -ы, -ый and the feminine one -aja, -ая, -ая.
_STEMS = (
    ("Vymyšlien", "Вымышлен", "Вымышленн"), ("Pryduman", "Прыдуман", "Придуманн"),
    ("Niajasn", "Няясн", "Неясн"), ("Uzorn", "Узорн", "Узорн"), ("Prykladn", "Прыкладн", "Примерн"),
    ("Kazačn", "Казачн", "Сказочн"), ("Ujaŭn", "Уяўн", "Воображённ"), ("Niapraŭdziv", "Няпраўдзів", "Неправдив"),
    ("Papiarov", "Папяров", "Бумажн"), ("Litaraturn", "Літаратурн", "Литературн"),
    ("Čarniln", "Чарнільн", "Чернильн"), ("Šabłonn", "Шаблонн", "Шаблонн"), ("Umoŭn", "Умоўн", "Условн"),
    ("Fantastyčn", "Фантастычн", "Фантастичн"), ("Śniežnamrojn", "Снежнамройн", "Снежногрёзн"),
    ("Zialonakazačn", "Зялёнаказачн", "Зелёносказочн"), ("Ćviordavyduman", "Цвёрдавыдуман", "Твёрдовыдуманн"),
    ("Dalokavyduman", "Далёкавыдуман", "Далёковыдуманн"), ("Napałovuŭjaŭn", "Напалову-ўяўн", "Полумним"),
    ("Alehoryčn", "Алегарычн", "Аллегоричн"),
)  # fmt: skip

_FEMALE = (
    ("Alena", "Алена", "Алёна"), ("Hanna", "Ганна", "Анна"), ("Volha", "Вольга", "Ольга"),
    ("Nadzieja", "Надзея", "Надежда"), ("Tacciana", "Таццяна", "Татьяна"), ("Zoja", "Зоя", "Зоя"),
    ("Śviatłana", "Святлана", "Светлана"), ("Kaciaryna", "Кацярына", "Екатерина"), ("Iryna", "Ірына", "Ирина"),
    ("Łarysa", "Ларыса", "Лариса"), ("Alaksandra", "Аляксандра", "Александра"), ("Vieranika", "Вераніка", "Вероника"),
)  # fmt: skip
_MALE = (
    ("Maksim", "Максім", "Максим"), ("Jauhien", "Яўген", "Евгений"), ("Siarhiej", "Сяргей", "Сергей"),
    ("Ihar", "Ігар", "Игорь"), ("Dzmitry", "Дзмітры", "Дмитрий"), ("Fiodar", "Фёдар", "Фёдор"),
    ("Piotra", "Пётра", "Пётр"), ("Kastuś", "Кастусь", "Константин"), ("Uładzimir", "Уладзімір", "Владимир"),
    ("Andrej", "Андрэй", "Андрей"), ("Vasil", "Васіль", "Василий"), ("Zmicier", "Зміцер", "Дмитрий"),
)  # fmt: skip
# Patronymics of women and men, in Belarusian and in Russian.
_PATRONYMICS = (
    (("Іванаўна", "Іванавіч"), ("Ивановна", "Иванович")), (("Пятроўна", "Пятровіч"), ("Петровна", "Петрович")),
    (("Міхайлаўна", "Міхайлавіч"), ("Михайловна", "Михайлович")),
    (("Фёдараўна", "Фёдаравіч"), ("Фёдоровна", "Фёдорович")),
    (("Антонаўна", "Антонавіч"), ("Антоновна", "Антонович")),
    (("Сцяпанаўна", "Сцяпанавіч"), ("Степановна", "Степанович")),
    (("Яўгенаўна", "Яўгенавіч"), ("Евгеньевна", "Евгеньевич")),
    (("Яраславаўна", "Яраслававіч"), ("Ярославовна", "Ярославович")),
)  # fmt: skip

_LATIN, _BELARUSIAN, _RUSSIAN = range(3)
_ENDINGS = (("aja", "y"), ("ая", "ы"), ("ая", "ый"))


@dataclass(frozen=True, slots=True)
class InventedName:
    """A name in Latin letters, given name first, and in Cyrillic ones, surname first and with patronymic."""

    latin: str
    cyrillic: str
    given: str


def prisoner_name(gender: Gender, dice: Dice) -> InventedName:
    """A name for somebody of this gender; now and then a double surname, and a few very long ones."""
    form = 0 if gender is Gender.FEMALE else 1
    given = dice.pick((_FEMALE, _MALE)[form])
    stems = dice.shuffled(_STEMS)[: _surnames(dice)]
    script = _RUSSIAN if dice.chance(_RUSSIAN_SHARE) else _BELARUSIAN
    patronymic = dice.pick(_PATRONYMICS)[script - _BELARUSIAN][form]
    latin, cyrillic = ("-".join(stem[of] + _ENDINGS[of][form] for stem in stems) for of in (_LATIN, script))
    return InventedName(f"{given[_LATIN]} {latin}", f"{cyrillic} {given[script]} {patronymic}", given[_LATIN])


def _surnames(dice: Dice) -> int:
    if dice.chance(_LONGEST_SHARE):
        return 3
    return 2 if dice.chance(_LONGER_SHARE) else 1
