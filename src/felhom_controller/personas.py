"""Who the simulated customers are: names, ids and addresses.

Says nothing about time: what happens to a machine is `troubles`, what it reports is `synthetic`.
"""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Persona:
    """One customer."""

    customer_id: str
    customer_name: str
    is_business: bool

    @property
    def domain(self) -> str:
        return f"{self.customer_id}.example.hu"

    @property
    def controller_url(self) -> str:
        return f"https://felhom.{self.domain}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The fleet of a demo: the first 24, small businesses and families in turn.
_FIRST = (
    ("kiss-foto", "Kiss Fotóstúdió"),
    ("papp-boraszat", "Papp Borászat"),
    ("takacs-csalad", "Takács család"),
    ("nemeth-konyveles", "Németh Könyvelés"),
    ("olah-optika", "Oláh Optika"),
    ("szabo-peter", "Szabó Péter"),
    ("farkas-gabor", "Farkas Gábor"),
    ("balogh-epitesz", "Balogh Építész Iroda"),
    ("bodnar-zsofia", "Bodnár Zsófia"),
    ("feher-katalin", "Fehér Katalin"),
    ("fekete-agnes", "Fekete Ágnes"),
    ("meszaros-eva", "Mészáros Éva"),
    ("gal-mihaly", "Gál Mihály"),
    ("horvath-anna", "Horváth Anna"),
    ("juhasz-zoltan", "Juhász Zoltán"),
    ("kocsis-nyomda", "Kocsis Nyomda"),
    ("kovacs-peter", "Kovács Péter"),
    ("lakatos-muhely", "Lakatos Műhely"),
    ("molnar-csalad", "Molnár család"),
    ("nagy-ugyved", "Dr. Nagy Ügyvédi Iroda"),
    ("racz-peter", "Rácz Péter"),
    ("simon-csalad", "Simon család"),
    ("szilagyi-pince", "Szilágyi Pince"),
    ("toth-fogaszat", "Tóth Fogászat"),
)
_SURNAMES = _words(
    "Antal Bakos Balla Barta Bíró Bognár Boros Csonka Deák Dudás Erdei Fazekas Fodor Fülöp Gáspár Gulyás Hajdú "
    "Halász Hegedűs Illés Jónás Katona Kelemen Király Kozma Lengyel Magyar Major Máté Nemes Orosz Orsós Pál Pásztor "
    "Pintér Sándor Sárközi Somogyi Soós Szalai Székely Szőke Szűcs Tamás Török Váradi Varga Vass Végh Vincze Virág "
    "Vörös Zsoldos"
)
_BUSINESSES = _words(
    "Autószerviz Biciklibolt Cukrászda Építő Fotó Gyógyszertár Húsbolt Ingatlan Kertészet Könyvelés Lakberendezés "
    "Méhészet Nyomda Optika Panzió Pékség Sportbolt Szerszám Üvegező Vendégház Virágbolt Zeneiskola"
)
_GIVEN = _words(
    "Ádám Ágnes András Anna Attila Balázs Beáta Csaba Dániel Dóra Edit Emese Eszter Ferenc Gábor Gergely Ildikó "
    "István János Judit Júlia Katalin Krisztina László Levente Márta Mihály Miklós Mónika Nóra Orsolya Réka Sándor "
    "Tamás Tibor Zoltán Zsófia Zsuzsanna család"
)
_BUSINESS_WORDS = frozenset({*_BUSINESSES, "Fotóstúdió", "Borászat", "Iroda", "Műhely", "Pince", "Fogászat"})


def _plain(text: str) -> str:
    """Lower case without accents, words joined by `-`."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "-".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def persona_of(index: int) -> Persona:
    """The customer at a place of the fleet; the same for every seed, and no two alike at any size."""
    if index < len(_FIRST):
        customer_id, name = _FIRST[index]
        return Persona(customer_id, name, is_business=name.split()[-1] in _BUSINESS_WORDS)
    kinds = (*_BUSINESSES, *_GIVEN)
    # Strides coprime to the lengths, so that neighbours differ in both words.
    lap, place = divmod(index - len(_FIRST), len(_SURNAMES) * len(kinds))
    surname = _SURNAMES[place % len(_SURNAMES)]
    kind = kinds[(place // len(_SURNAMES) + place * 7) % len(kinds)]
    name = f"{surname} {kind}"
    customer_id = _plain(name) + (f"-{lap + 1}" if lap else "")
    return Persona(customer_id, name, is_business=kind in _BUSINESS_WORDS)
