"""What the agency of the demo sells, and what its customers want of it."""

from __future__ import annotations

from typing import Any, NamedTuple

AGENCY = "Studio Zwaluwpixel"
STAFF = ("Sanne Hooglander", "Bram Kuipersveld")
GROUPS = ("Hostingklanten", "Onderhoudscontracten")


def _package(name: str, description: str, interval: str, amount: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "interval": interval,
        "amount": amount,
        "vatRate": 21,
        "availableForSale": True,
    }


HOSTING = (
    _package("Hosting Basis", "5 GB schijfruimte, 1 domein, dagelijkse back-up", "1 year", "119.40"),
    _package("Hosting Plus", "20 GB schijfruimte, 5 domeinen, dagelijkse back-up", "1 month", "19.95"),
    _package("Hosting Webshop", "50 GB schijfruimte, eigen server, back-up elk uur", "1 month", "49.95"),
)
MAINTENANCE = (
    _package("Onderhoud Website", "Updates, bewaking en een half uur aanpassingen", "1 month", "59.00"),
    _package("Onderhoud Webshop", "Updates, bewaking en twee uur aanpassingen", "1 month", "149.00"),
)
VISITOR = {
    "companyName": "Kaarsenmakerij Lontgloedt",
    "address": "Waspad 3",
    "zipCode": "7201AB",
    "city": "Zutphen",
    "email": "info@kaarsenmakerij-lontgloedt.example",
}

_SALE = {"forSale": True, "vatRate": 21, "punchLabel": "uren"}
PUNCH_CARDS: tuple[dict[str, Any], ...] = (
    {"name": "Strippenkaart 10 uur", "punches": 10, "price": "907.50", "expiryValue": 1, "expirePeriod": "years"}
    | _SALE,
    {"name": "Strippenkaart 5 uur", "punches": 5, "price": "484.00", "expiryValue": 4, "expirePeriod": "months"}
    | _SALE,
    {"name": "Training WordPress", "description": "Op locatie", "punches": 4, "punchLabel": "dagdelen"},
)


class Work(NamedTuple):
    """A piece of work: what it is called, and what is charged for it without VAT."""

    title: str
    lines: tuple[tuple[str, str], ...]


WORK = (
    Work(
        "Nieuwe website", (("Ontwerp", "960.00"), ("Bouw en inrichting", "2400.00"), ("Invoeren van teksten", "320.00"))
    ),
    Work("Webshop", (("Ontwerp", "1280.00"), ("Bouw webshop", "4800.00"), ("Koppeling betaalprovider", "640.00"))),
    Work("Huisstijl", (("Logo-ontwerp", "875.00"), ("Briefpapier en visitekaartjes", "345.50"))),
    Work("Zoekmachineoptimalisatie", (("Nulmeting", "240.00"), ("Optimalisatie, 10 uur", "800.00"))),
    Work("Koppeling boekhouding", (("Analyse", "320.00"), ("Bouw koppeling", "1120.00"))),
    Work("Toegankelijkheidsonderzoek", (("Onderzoek volgens WCAG 2.2", "1450.00"), ("Rapport", "395.00"))),
    Work("Verhuizing naar nieuwe server", (("Voorbereiding", "160.00"), ("Verhuizing buiten kantooruren", "360.00"))),
    Work("Fotografie", (("Fotodag op locatie", "695.00"), ("Nabewerking, 24 beelden", "288.00"))),
    Work("Nieuwsbriefsjabloon", (("Ontwerp en bouw", "517.75"),)),
    Work("Reserveringsmodule", (("Inrichting", "480.00"), ("Licentie, eerste jaar", "99.95"))),
)


class Conversation(NamedTuple):
    """A ticket: the customer's messages and the agency's by turns."""

    title: str
    source: str
    messages: tuple[str, ...]
    is_closed: bool = True
    has_screenshot: bool = False


TICKETS = (
    Conversation(
        "Kan niet inloggen op de website",
        "portal",
        (
            "Goedemorgen, sinds vanochtend krijg ik bij het inloggen een wit scherm. Kunnen jullie kijken?",
            "Een plug-in was na de update van vannacht stuk. Hij is hersteld, inloggen lukt weer.",
            "Top, het werkt weer. Dank!",
        ),
        has_screenshot=True,
    ),
    Conversation(
        "Openingstijden aanpassen",
        "email",
        (
            "Vanaf volgende maand zijn we op maandag gesloten. Willen jullie dat op de site zetten?",
            "Dat staat klaar en gaat op de eerste van de maand vanzelf live.",
        ),
    ),
    Conversation(
        "Mailbox vol",
        "email",
        (
            "We krijgen meldingen dat onze mailbox vol is.",
            "Ik heb de ruimte verdubbeld. Oude bijlagen kunt u het beste archiveren.",
        ),
    ),
    Conversation(
        "Vraag over factuur",
        "portal",
        (
            "Op de laatste factuur staat 2 uur extra werk. Waar was dat voor?",
            "Dat was het aanpassen van het contactformulier, op uw verzoek van vorige week.",
            "Ach ja, dat klopt. Bedankt voor de uitleg.",
        ),
    ),
    Conversation("Extra e-mailadres", "chat", ("Kan er een adres voor onze nieuwe collega bij?", "Is aangemaakt!")),
    Conversation(
        "Website traag",
        "portal",
        (
            "De homepage laadt heel langzaam, vooral op de telefoon.",
            "De foto's waren erg groot. Ze zijn nu verkleind; de pagina laadt binnen een seconde.",
        ),
        has_screenshot=True,
    ),
    Conversation(
        "Domeinnaam verhuizen",
        "email",
        ("Wij willen een tweede domein naar jullie verhuizen. Wat is daarvoor nodig?", "Alleen de verhuiscode."),
    ),
    Conversation(
        "Koppeling met kassasysteem",
        "portal",
        (
            "Kan de voorraad uit ons kassasysteem automatisch in de webshop komen?",
            "Dat kan. Ik stuur u deze week een offerte.",
        ),
    ),
    Conversation("Spam via contactformulier", "email", ("We krijgen tientallen spamberichten per dag.", "Opgelost.")),
    Conversation(
        "Foto's vervangen",
        "portal",
        ("In de bijlage een voorbeeld van de foto die weg mag.", "De foto is vervangen."),
        has_screenshot=True,
    ),
    Conversation("Certificaat verlopen?", "chat", ("De browser waarschuwt voor onze site.", "Het is vernieuwd.")),
    Conversation(
        "Nieuwe medewerker op teampagina",
        "portal",
        ("Willen jullie onze nieuwe collega toevoegen? De tekst volgt.", "Graag, wij wachten de tekst af."),
        is_closed=False,
    ),
    Conversation(
        "Betalingen komen niet door",
        "email",
        ("Drie bestellingen van vandaag staan op onbetaald, terwijl de klanten wel betaald hebben.",),
        is_closed=False,
    ),
    Conversation(
        "Offerte voor meertalige site", "portal", ("Wat kost een Duitse versie van de site?",), is_closed=False
    ),
)

APPOINTMENTS = (
    "Kennismaking",
    "Voortgang website",
    "Presentatie ontwerp",
    "Training beheer",
    "Evaluatie onderhoud",
    "Bespreking campagne",
)

# Directory -> the files in it: their names and first lines.
DIRECTORIES = {
    "Contracten": (
        ("Algemene voorwaarden.pdf", "Algemene voorwaarden"),
        ("Verwerkersovereenkomst.pdf", "Verwerkersovereenkomst"),
    ),
    "Handleidingen": (
        ("Pagina's bewerken.pdf", "Zo bewerkt u een pagina"),
        ("E-mail instellen.txt", "Inkomende server: imap.zwaluwpixel.example, poort 993"),
    ),
    "Huisstijlen": (("logo.png", ""), ("kleuren.csv", "naam;code\nnachtblauw;#1b2a49\nzand;#e8d9b5\n")),
}


class Wish(NamedTuple):
    """Files that customers are asked for: as the API takes them, and how many of them are provided."""

    name: str
    reason: str | None
    files: tuple[dict[str, Any], ...]
    provided: int
    is_public: bool = False


FILE_REQUESTS = (
    Wish(
        "Materiaal nieuwe website",
        "Voor de bouw van uw website",
        ({"name": "Logo", "maxFileSize": 10240}, {"name": "Teamfoto", "required": False}),
        provided=2,
    ),
    Wish("Teksten webshop", None, ({"name": "Productteksten", "maxFileSize": 5120},), provided=1),
    Wish(
        "Gegevens domeinverhuizing",
        "De verhuiscode krijgt u van uw huidige provider",
        ({"name": "Verhuiscode", "description": "Een pdf of schermafdruk", "maxFileSize": 64},),
        provided=1,
    ),
    Wish(
        "Aanleveren drukwerk",
        "Minstens 300 dpi",
        ({"name": "Briefpapier"}, {"name": "Visitekaartje"}, {"name": "Envelop", "required": False}),
        provided=1,
    ),
    Wish("Sollicitatie vormgever", "Stuur ons uw portfolio", ({"name": "Portfolio"},), provided=0, is_public=True),
)


class PaymentLink(NamedTuple):
    """Something that is paid without an invoice, how often, and whether it is open no more."""

    description: str
    amount: str
    is_reusable: bool = False
    days: int | None = None
    times: int = 0
    is_closed: bool = False


PAYMENT_LINKS = (
    PaymentLink("Aanbetaling nieuwe website", "500.00", days=30, times=1),
    PaymentLink("Workshop Zoekmachines", "149.00", is_reusable=True, times=9),
    PaymentLink("Losse back-up terugzetten", "75.00", times=1),
    PaymentLink("Domeinnaam, eerste jaar", "12.10", is_reusable=True, times=4),
    PaymentLink("Spoedtarief weekend", "181.50", days=14),
    PaymentLink("Webinar Toegankelijkheid", "49.95", is_reusable=True, times=6, is_closed=True),
    PaymentLink("Aanbetaling huisstijl", "350.00", days=21),
    PaymentLink("Borg leenlaptop", "250.00"),
)
