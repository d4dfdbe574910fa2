"""The customers of the demo: companies, people and places of business, all invented."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

_NAMES = """\
Bakkerij Vlinkhorst|Marieke Vlinkhorst|Korenstraat 12|Deventer
Fietsenmakerij Tandradje|Joris Wemelaar|Spoorkade 48|Utrecht
Hoveniersbedrijf Grasmeerveld|Pim Grasmeerveld|Lindelaan 7|Apeldoorn
Tandartspraktijk Molenkies|Farida Elbouzi|Molenweg 103|Haarlem
Rijschool Vlotvooruit|Danny Oprietveld|Stationsplein 21|Almere
Kapsalon Krullenbolster|Yvette Krulsma|Marktstraat 5|Zutphen
Yogastudio Stiltewater|Imke Zandleven|Havenkade 19-2|Amsterdam
Loodgietersbedrijf Druppelman|Sjaak Druppelman|Sluisweg 66|Dordrecht
Fysiotherapie Buigzaam Oost|Nadia Terhoeve|Parklaan 31|Arnhem
Notariskantoor Zegelrijk|Maarten Zegelrijk|Singel 8|Leiden
Kinderopvang Het Dwarrelblad|Lotte Wiegerinkse|Beukenlaan 44|Amersfoort
Schildersbedrijf Kwastbergen|Ruben Kwastbergen|Industrieweg 90|Zaandam
Dierenartsenpraktijk Pootverzorgd|Anouk Hondersloot|Dorpsstraat 17|Hilversum
Muziekschool Klankrijkdom|Thijs Snarenberg|Kerkplein 3|Gouda
Makelaardij Gevelhorst|Esther Gevelhorst|Herengracht 211|Amsterdam
Brasserie De Lepelaarster|Fabian Rootvelt|Vismarkt 27|Groningen
Accountantskantoor Cijferveen|Hanneke Cijferveen|Zuidlaan 72|Zwolle
Bloemisterij Rozenkwik|Samira Oulhadji|Bloemstraat 14|Alkmaar
Autobedrijf Krukaslaan|Henk Remmelaar|Garageweg 2|Venlo
Fotostudio Sluitertijdelijk|Eline Kadermans|Westersingel 58|Rotterdam
Camping De Tureluurshoeve|Gerben Weidstra|Zeedijk 1|Middelburg
Slagerij Worstenrood|Coen Beenhakkerse|Hoofdstraat 39|Assen
Advocatenkantoor Pleitwaarts|Rosalie Twistkamp|Lange Voorhout 150|Den Haag
Meubelmakerij Zaagselgoed|Wout Nerfstra|Ambachtsweg 23|Eindhoven
Ijssalon Smeltkroezerij|Bianca Vorstman|Boulevard 12|Hoorn
Taalschool Woordkrachtig|Petra Zinsbouw|Schoolstraat 80|Nijmegen
Installatiebedrijf Stroomwerf|Kees Draadveld|Energieweg 15|Delft
Boekhandel Bladzijdewind|Femke Lettermeer|Oude Gracht 26|'s-Hertogenbosch
Sportschool Zweetdruppelhal|Milan Krachtwijk|Sportlaan 100|Tilburg
Wijnhandel Kurkendroger|Olivier Druifveld|Wycker Brugweg 9|Maastricht
Evenementenbureau Slingerfeest|Noor Ballonstra|Feestplein 4|Breda
Uitvaartzorg Kaarslichtzoom|Gerda Stillemans|Begraafplaatsweg 11|Leeuwarden
Klussenbedrijf Waterpashoek|Bart Spijkerboer|Timmerstraat 35|Roosendaal
Kaasmakerij Stremselhof|Jitske Weideveld|Boerenpad 6|Gouda
Opticien Brillantoog|Karim Lenzhari|Winkelpromenade 88|Almere
Reisbureau Verrekijkerij|Sofie Kompasveld|Vliegerstraat 51|Utrecht
Coachingpraktijk Kantelkracht|Wendy Omdenkers|Boslaan 18|Hilversum
Transportbedrijf Aslastverkeer|Rik Opleggersma|Havenweg 140|Rotterdam
Bouwbedrijf Steenwolkenberg|Theo Mortelmans|Nijverheidsweg 29|Apeldoorn
Kledingatelier Draadkrachtig|Zoë Naaldenberg|Weversstraat 16|Tilburg"""

# City -> its first and last postal codes without letters, and its area code without the zero.
_CITIES = {
    "'s-Hertogenbosch": (5211, 5237, "73"),
    "Alkmaar": (1811, 1827, "72"),
    "Almere": (1311, 1363, "36"),
    "Amersfoort": (3811, 3829, "33"),
    "Amsterdam": (1011, 1098, "20"),
    "Apeldoorn": (7311, 7339, "55"),
    "Arnhem": (6811, 6846, "26"),
    "Assen": (9401, 9408, "592"),
    "Breda": (4811, 4839, "76"),
    "Delft": (2611, 2629, "15"),
    "Den Haag": (2511, 2597, "70"),
    "Deventer": (7411, 7429, "570"),
    "Dordrecht": (3311, 3329, "78"),
    "Eindhoven": (5611, 5658, "40"),
    "Gouda": (2801, 2809, "182"),
    "Groningen": (9711, 9747, "50"),
    "Haarlem": (2011, 2037, "23"),
    "Hilversum": (1211, 1223, "35"),
    "Hoorn": (1621, 1628, "229"),
    "Leeuwarden": (8911, 8941, "58"),
    "Leiden": (2311, 2334, "71"),
    "Maastricht": (6211, 6229, "43"),
    "Middelburg": (4331, 4341, "118"),
    "Nijmegen": (6511, 6546, "24"),
    "Roosendaal": (4701, 4709, "165"),
    "Rotterdam": (3011, 3089, "10"),
    "Tilburg": (5011, 5049, "13"),
    "Utrecht": (3511, 3585, "30"),
    "Venlo": (5911, 5928, "77"),
    "Zaandam": (1501, 1509, "75"),
    "Zutphen": (7201, 7207, "575"),
    "Zwolle": (8011, 8045, "38"),
}
# Postal codes have none of F, I, O, Q, U and Y, and never SA, SD or SS.
_LETTERS = "ABCDEGHJKLMNPRTVWXZ"


class Company(NamedTuple):
    """A customer before they are one."""

    name: str
    first_name: str
    last_name: str
    domain: str
    phone: str
    address: dict[str, str]
    """As a customer has it: `address`, `zipCode`, `city`."""

    @property
    def contact(self) -> str:
        """Who one speaks with."""
        return f"{self.first_name} {self.last_name}"

    def email(self, name: str = "info") -> str:
        """An address of theirs."""
        return f"{_slug(name)}@{self.domain}"


def companies(rng: random.Random) -> list[Company]:
    """All 40, in an order of this seed."""
    found = [_company(line.split("|"), rng) for line in _NAMES.splitlines()]
    rng.shuffle(found)
    return found


def _company(parts: Sequence[str], rng: random.Random) -> Company:
    name, contact, address, city = parts
    first_name, _, last_name = contact.partition(" ")
    first, last, area = _CITIES[city]
    zip_code = f"{rng.randint(first, last)}{''.join(rng.choices(_LETTERS, k=2))}"
    # No subscriber's number begins with a zero, so nobody has these.
    digits = 9 - len(area) - 1
    phone = f"+31{area}0{rng.randrange(10**digits):0{digits}}"
    where = {"address": address, "zipCode": zip_code, "city": city}
    return Company(name, first_name, last_name, f"{_slug(name)}.example", phone, where)


def _slug(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
