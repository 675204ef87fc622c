"""The twenty countries of the demo's sponsors, and names of people there who do not exist. Pure.

Our own list. Every surname says in its own language, script and marks that it is made up: invented, for example, of a
fairy tale, of paper, from nowhere.
"""

from dataclasses import dataclass

from app.demo.dice import Dice

_DOUBLE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Country:
    """One country with its time zone, its language (ISO 639-1), its parliament, and the two halves of names there."""

    code: str
    time_zone: str
    language: str
    parliament: str
    given: tuple[str, ...]
    surnames: tuple[str, ...]


def _country(code: str, time_zone: str, language: str, parliament: str, names: tuple[str, str]) -> Country:
    given, surnames = (tuple(half.split(", ")) for half in names)
    return Country(code, time_zone, language, parliament, given, surnames)


WEST = (
    _country("DE", "Europe/Berlin", "de", "Bundestag", (
        "Jörg, Käthe, Anneliese, Lukas, Björn, Mareike, Jürgen, Frieda",
        "Erfunden, Beispielhuber, Luftschlößer, Ausgedacht, Märchenfuß, Papierkranich")),
    _country("FR", "Europe/Paris", "fr", "Assemblée nationale", (
        "Élodie, François, Zoé, Benoît, Maëlle, Thibault, Anaïs, Gaël",
        "Inventé, Imaginaire, Fictif, d'Exemple, Songe-Creux, de la Fable")),
    _country("NL", "Europe/Amsterdam", "nl", "Tweede Kamer", (
        "Sanne, Joost, Fleur, Daan, Maartje, Coen, Noëlle, Thijs",
        "Verzonnen, van Voorbeeld, Sprookjesman, van den Fabel, Bedacht")),
    _country("CH", "Europe/Zurich", "de", "Nationalrat", (
        "Reto, Ursina, Beat, Annelies, Urs, Flurina, Luzia, Köbi",
        "Erdichtet, Fantasieli, Wolkenkuckuck, Nirgendsmatt, Fabulant")),
    _country("IT", "Europe/Rome", "it", "Camera dei deputati", (
        "Niccolò, Chiara, Beniamino, Giosuè, Ludovica, Noemi, Tommaso, Ilaria",
        "Inventato, Esempiotti, Immaginario, Favoloni, Dell'Invenzione")),
    _country("ES", "Europe/Madrid", "es", "Congreso de los Diputados", (
        "Íñigo, Begoña, Núria, Martín, Inés, Andrés, Leocadia, Jesús",
        "Inventado, de Ejemplo, Quimérez, Ficción, Imaginando")),
    _country("PT", "Europe/Lisbon", "pt", "Assembleia da República", (
        "João, Conceição, Luís, Inês, Gonçalo, Lurdes, Simão, Benedita",
        "Fictício, do Exemplo, Inventão, Imaginário, da Fábula")),
    _country("GB", "Europe/London", "en", "House of Commons", (
        "Alfie, Maisie, Rhys, Eilidh, Siân, Angus, Poppy, Hamish",
        "Madeup, Examplewood, Storybook, Nosuchperson, ap Dychymyg")),
    _country("IE", "Europe/Dublin", "en", "Dáil Éireann", (
        "Aoife, Seán, Róisín, Pádraig, Gráinne, Tadhg, Ciarán, Méabh",
        "O'Fiction, Mac Samhlaíocht, Ní Fhinscéal, Ó Shampla, Storytelling")),
    _country("CA", "America/Toronto", "en", "House of Commons", (
        "Océane, Liam, Noémie, Wyatt, Maude, Ethan, Geneviève, Owen",
        "Fromnowhere, Exemplar-Roy, Imaginary, Paperperson, Sansréel")),
)  # fmt: skip

EAST = (
    _country("PL", "Europe/Warsaw", "pl", "Sejm", (
        "Łucja, Wojciech, Małgorzata, Stanisław, Agnieszka, Zbigniew, Żaneta, Józef",
        "Zmyślona, Przykład, Bajka, Wymysł, Nieprawdziwek, Papierowicz-Zmyślak")),
    _country("LT", "Europe/Vilnius", "lt", "Seimas", (
        "Žydrūnė, Jonas, Rūta, Šarūnas, Eglė, Ąžuolas, Gintarė, Vytautė",
        "Išgalvotė, Pavyzdys, Pramanytas, Pasakėlė, Nebūtoji")),
    _country("LV", "Europe/Riga", "lv", "Saeima", (
        "Jānis, Līga, Ķirils, Anna, Mārtiņš, Žanete, Ģirts, Ieva",
        "Izdomāta, Piemērs, Iedomāts, Pasaciņa, Nebijis")),
    _country("EE", "Europe/Tallinn", "et", "Riigikogu", (
        "Tõnu, Õnne, Jüri, Külli, Mäidu, Liisa, Taavi, Ülle",
        "Väljamõeldu, Näidis, Muinasjutt, Kujutlus, Olematu")),
    _country("CZ", "Europe/Prague", "cs", "Poslanecká sněmovna", (
        "Jiří, Božena, Řehoř, Zdeňka, Štěpán, Květa, Matěj, Žofie",
        "Vymyšlený, Příkladná, Smyšlený, Pohádka, Papírový")),
    _country("SE", "Europe/Stockholm", "sv", "Riksdagen", (
        "Åsa, Björn, Märta, Göran, Maj, Örjan, Linnéa, Sören",
        "Påhittad, Exempelsson, Låtsasberg, Sagolund, Drömström")),
    _country("FI", "Europe/Helsinki", "fi", "Eduskunta", (
        "Väinö, Päivi, Aino, Mäisti, Yrjö, Kyllikki, Eero, Sisko",
        "Keksitty, Esimerkki, Kuviteltu, Satulainen, Olematon")),
    _country("UA", "Europe/Kyiv", "uk", "Верховна Рада", (
        "Оксана, Тарас, Ганна, Юрій, Соломія, Богдан, Надія, Їлена",
        "Вигадана, Прикладний, Казковий, Уявна, Небувалий")),
    _country("GE", "Asia/Tbilisi", "ka", "პარლამენტი", (
        "ნინო, გიორგი, თამარ, ლევან, ეკა, ზურაბ, მარიამ, ვახტანგ",
        "გამოგონილი, მაგალითიძე, ზღაპრული, წარმოსახვითი, არყოფილი")),
    _country("GR", "Europe/Athens", "el", "Βουλή των Ελλήνων", (
        "Ελένη, Γιώργος, Μαρία, Νίκος, Σοφία, Πέτρος, Άννα, Ηλίας",
        "Επινοημένος, Παράδειγμα, Φανταστική, Παραμύθης, Ανύπαρκτος")),
)  # fmt: skip

COUNTRIES = (*WEST, *EAST)


def sponsor_name(country: Country, dice: Dice) -> str:
    """A name for somebody there; now and then with a double surname."""
    surnames = dice.shuffled(country.surnames)[: 2 if dice.chance(_DOUBLE_SHARE) else 1]
    return f"{dice.pick(country.given)} {'-'.join(surnames)}"
