"""Which addresses are official ones of a parliament, and what such an address says of its holder. Pure.

The rule (docs/decisions/0009): an address belongs to a domain that stands on the list if its own domain is that one,
or ends with a dot and that one. Both are compared in the encoded form that goes on the wire, so that letters which only
look alike are other letters.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from app.addresses import normalised
from app.errors import BadInput

SHORTEST_NAME = 3
"""An initial may stand beside a name; alone it says nothing of who holds the address."""

_LISTED = Path(__file__).parent / "official_domains.csv"


@dataclass(frozen=True, slots=True)
class ListedDomain:
    """A domain of the list that comes with the program; `country` is None for a parliament of several."""

    country: str | None
    parliament: str
    domain: str


def listed_domains() -> list[ListedDomain]:
    """What a new site begins with: public facts, of parliaments alone."""
    with _LISTED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [ListedDomain(row["country"] or None, row["parliament"], row["domain"]) for row in rows]


def normalised_domain(typed: str) -> str:
    """A domain as mail servers see it: plain ASCII, in lower case. Raises BadInput for what is none.

    A single label is refused too: it would make everybody of a whole country official.
    """
    bare = typed.strip().lower().removeprefix("@").rstrip(".")
    try:
        domain = normalised(f"name@{bare}").rpartition("@")[2].lower()
    except BadInput as wrong:
        raise BadInput("This does not look like a domain, such as parliament.example.") from wrong
    if domain.count(".") < 1:
        raise BadInput("This does not look like a domain, such as parliament.example.")
    return domain


def domain_of(address: str) -> str:
    """The domain of an address, in the form in which domains are compared. Raises BadInput for what is no address."""
    return normalised(address).rpartition("@")[2].lower()


def domains_around(address: str) -> list[str]:
    """The address's own domain and every domain that it lies in, the longest first."""
    labels = domain_of(address).split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def is_named_after(address: str, name: str) -> bool:
    """Whether the part before the @ is a spelling of the name and nothing else: "z.beispiel" of Zuzanna Beispiel.

    At least one word of the name stands there in full; what else does is a word of it too, or an initial of one. So
    "beispiel.office" and "info" are nobody's name, and "press.office" is not even that of somebody who signed up as
    "Press Office": people choose their names here, so words for a role or a shared mailbox never count as one.
    """
    local = normalised(address).rpartition("@")[0]
    words, pieces = _pieces(name), _pieces(local)
    if "+" in local or not all(piece.isalpha() for piece in pieces) or any(_is_shared(piece) for piece in pieces):
        return False
    if not any(piece in words and len(piece) >= SHORTEST_NAME for piece in pieces):
        return False
    return all(piece in words or any(len(piece) == 1 and word.startswith(piece) for word in words) for piece in pieces)


def _pieces(text: str) -> list[str]:
    """Words in lower case and without marks, as people write their names into addresses."""
    plain = text.casefold().replace("ł", "l").replace("ø", "o").replace("đ", "d")
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return [piece for piece in re.split(r"[\W_]+", bare) if piece]


def _is_shared(piece: str) -> bool:
    """Whether it is a word for a role or a mailbox of several people, or two of them in one: "pressoffice"."""
    halves = ((piece[:at], piece[at:]) for at in range(2, len(piece) - 1))
    return piece in _SHARED or any(one in _SHARED and other in _SHARED for one, other in halves)


# Some of these are surnames as well: their bearers wait for a coordinator. In the languages of the countries that most
# sponsors live in; where an umlaut is written out in addresses, both spellings stand here.
_SHARED = frozenset(
    _pieces("""
    account accounts address admin administration administrator adviser advisor aide all archive assistant
    assistants bureau cabinet calendar campaign careers caseworker casework chair chairman chairwoman chief clerk
    clerks comms committee communication communications constituency contact contacts coordinator counsel delegation
    department deputies deputy desk diary director division email enquiries enquiry everybody everyone events
    faction feedback finance group groups guest guests head hello help helpdesk hr info information inquiries
    inquiry intern interns internship jobs leader legal letters library list lists mail mailbox mailroom manager
    media member members minister ministry mep mp mps news newsletter noreply office officer offices official
    parliament parliamentary party personnel petitions policy post postmaster pr president presidency press public
    reception receptionist registry reply research researcher scheduler scheduling secretariat secretaries secretary
    security senate senator service services speaker spokesman spokesperson spokeswoman staff staffer student
    support system team temp test trainee user users vice visit visitor visitors volunteer volunteers webmaster
    website whip whips

    abgeordnete abgeordneter abgeordnetenbüro abgeordnetenbuero anfrage anfragen assistent assistentin assistenz
    auskunft ausschuss bürgerbüro buergerbuero büro buero büroleiter bueroleiter büroleiterin bueroleiterin
    büroleitung bueroleitung empfang fraktion geschäftsstelle geschaeftsstelle gruppe kabinett kanzlei kontakt
    leitung medien mitarbeit mitarbeiter mitarbeiterin mitglied partei parteibüro parteibuero postfach poststelle
    praktikant praktikantin praktikum präsident praesident präsidium praesidium presse pressestelle pressesprecher
    pressesprecherin redaktion referat referent referentin sekretär sekretaer sekretärin sekretaerin sekretariat
    sprecher sprecherin termine verteiler vertretung verwaltung vorstand wahlkreis wahlkreisbüro wahlkreisbuero
    zentrale

    accueil assistante assistants attaché attachée collaborateur collaboratrice comité commission conseiller
    conseillère courrier député députée députés directeur directrice équipe groupe parti permanence présidence
    président secrétaire secrétariat stage stagiaire

    beleidsmedewerker bestuur commissie fractie griffie griffier groep kabinet kamerlid kantoor leden medewerker
    medewerkers partij pers persdienst persvoorlichter redactie secretariaat secretaris stagiair voorlichting
    woordvoerder

    amministrazione assistente collaboratore comitato commissione contatti contatto deputata deputato gabinetto
    gruppo informazioni partito personale portavoce posta presidente presidenza redazione segretaria segretario
    segreteria stagista stampa tirocinante tirocinio ufficio

    administración asesor asesora asistente becaria becario comisión comunicación contacto correo despacho diputada
    diputado equipo gabinete grupo información oficina partido personal portavoz prensa presidencia registro
    secretaría secretaria secretario

    assessor assessora assistente comissão comunicação contato correio deputada deputado equipa escritório
    estagiária estagiário estágio imprensa informação secretariado

    asystent asystentka biuro doradca dyrektor gabinet grupa informacja kancelaria klub komisja partia poczta poseł
    poselskie posłanka pracownik praktykant praktykantka praktyki prasa prasowe prasowy redakcja rzecznik sekretarka
    sekretarz staż stażysta stażystka zespół

    biuras darbuotojas frakcija grupė informacija kanceliarija komisija komitetas kontaktai narys padėjėja padėjėjas
    partija paštas patarėja patarėjas praktikantas praktikantė raštinė sekretorė sekretoriatas sekretorius spauda

    birojs darbinieks deputāte deputāts kanceleja komiteja kontakti padomniece padomnieks palīgs pasts praktikante
    praktikants prese sekretāre sekretariāts sekretārs

    büroo erakond fraktsioon kantselei komisjon komitee meedia nõunik pressi saadik sekretariaat

    asistent asistentka informace kancelář komise mluvčí podatelna poradce poslanec poslankyně pošta předseda
    redakce sekretářka skupina stážista stážistka strana tajemnice tajemník tisk tiskové tiskový tlač úřad výbor

    epost grupp handläggare kansli kansliet kommitté kontor kontoret ledamot medarbetare parti praktik presstjänst
    pressekreterare sekreterare utskott medarbejder medarbeider udvalg utvalg

    assistentti avustaja avustajat eduskuntaryhmä harjoittelija henkilöstö kansanedustaja kanslia kirjaamo lehdistö
    neuvonta posti puolue ryhmä sihteeri sihteeristö tiedotus tiimi toimisto valiokunta viestintä yhteystiedot

    epikoinonia grafeio grammateia typou vouleftis

    deputat fraktsiia frakciya fraktsiya hrupa kantseliariia kantselyariya komitet ofis partiia partiya pomichnyk
    poshta presa priemnaya pryimalnia sekretar sluzhba stazher
    """)
)
