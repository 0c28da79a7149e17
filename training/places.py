"""Addresses, towns and firms that do not exist, in the ways of many countries."""

from __future__ import annotations

import random
import string

from training.people import Namer

CITIES = tuple(
    """
London|Manchester|Birmingham|Leeds|Glasgow|Edinburgh|Cardiff|Belfast|Bristol|Liverpool|Sheffield|York|Bath|Oxford
Cambridge|Brighton|Norwich|Exeter|Dublin|Cork|Galway|New York|Los Angeles|Chicago|Houston|Phoenix|Dallas|Austin|Boston
Seattle|Denver|Portland|Atlanta|Miami|Detroit|San Francisco|San Diego|Salt Lake City|New Orleans|Tulsa|Omaha|Madison
Columbus|Nashville|Toronto|Montreal|Vancouver|Ottawa|Calgary|Halifax|Sydney|Melbourne|Brisbane|Perth|Adelaide|Auckland
Wellington|Christchurch|Berlin|Hamburg|Munich|München|Cologne|Frankfurt|Stuttgart|Leipzig|Dresden|Vienna|Graz|Zurich
Geneva|Basel|Bern|Paris|Lyon|Marseille|Toulouse|Nice|Nantes|Bordeaux|Lille|Brussels|Antwerp|Ghent|Amsterdam|Rotterdam
Utrecht|Eindhoven|Madrid|Barcelona|Valencia|Seville|Bilbao|Lisbon|Porto|Rome|Milan|Naples|Turin|Florence|Venice
Copenhagen|Aarhus|Oslo|Bergen|Stockholm|Gothenburg|Malmö|Helsinki|Tallinn|Riga|Vilnius|Warsaw|Kraków|Gdańsk|Prague|Brno
Bratislava|Budapest|Bucharest|Sofia|Belgrade|Zagreb|Ljubljana|Athens|Istanbul|Ankara|Izmir|Kyiv|Lviv|Moscow|Tbilisi
Yerevan|Baku|Tehran|Baghdad|Beirut|Amman|Damascus|Jerusalem|Tel Aviv|Cairo|Alexandria|Tunis|Algiers|Casablanca|Rabat
Dakar|Accra|Kumasi|Lagos|Abuja|Ibadan|Kano|Nairobi|Mombasa|Kampala|Kigali|Addis Ababa|Dar es Salaam|Lusaka|Harare
Johannesburg|Cape Town|Durban|Pretoria|Maputo|Luanda|Kinshasa|Mumbai|Delhi|New Delhi|Bangalore|Bengaluru|Chennai
Hyderabad|Kolkata|Pune|Ahmedabad|Jaipur|Karachi|Lahore|Islamabad|Dhaka|Colombo|Kathmandu|Bangkok|Chiang Mai|Hanoi
Ho Chi Minh City|Manila|Cebu|Jakarta|Surabaya|Kuala Lumpur|Penang|Singapore|Hong Kong|Taipei|Shanghai|Beijing|Shenzhen
Guangzhou|Chengdu|Tokyo|Osaka|Kyoto|Nagoya|Sapporo|Seoul|Busan|Mexico City|Guadalajara|Monterrey|Bogotá|Medellín|Lima
Quito|Santiago|Buenos Aires|Córdoba|Montevideo|São Paulo|Rio de Janeiro|Recife|Caracas|Havana|Kingston|Honolulu
Scotland|Wales|England|Ireland|Germany|France|Spain|Italy|Poland|Nigeria|Ghana|Kenya|India|China|Japan|Brazil|Mexico
Canada|Australia|the Netherlands|Texas|California|Ohio|Florida|Bavaria|Europe|Africa|Asia|Yorkshire|Kent|Queensland
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
_TREES = (
    "Oak Maple Elm Cedar Pine Birch Willow Ash Chestnut Juniper Hollow Mill Church High Station Park Victoria King Queen "
    "Albert Meadow River Lake Hill Spring Garden Orchard Bridge Castle Abbey Market Long West East North South Green "
    "Grange Manor Quarry Forge Canal Beech Hazel Linden Laurel Rose Heron Kestrel Larch Sycamore Main First Second Third "
    "Fifth Twelfth Sunset Broad Harbour Ferry Chapel School Palace Windmill"
).split()
_STREETS = (
    "Street Street Street Road Road Road Lane Avenue Avenue Drive Close Court Way Crescent Terrace Place Square Gardens "
    "Grove Hill Row Mews Boulevard Parade Walk Rise View Parkway Circle Trail St St. Rd Rd. Ave Ave. Dr Dr. Ln Blvd Ct"
).split()
_STATES = (
    "AL AZ CA CO CT FL GA IA ID IL IN KS LA MA MD MI MN MO NC NJ NM NV NY OH OK OR PA TN TX UT VA WA WI HI".split()
)
_NUMBERS = "one two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty sixty".split()


class Places:
    """Draws addresses, towns and firms."""

    def __init__(self, rng: random.Random, namer: Namer) -> None:
        self._rng, self._namer = rng, namer

    def city(self) -> str:
        """A town, a country or a region."""
        return self._rng.choice(CITIES)

    def firm(self) -> str:
        """A firm's name, often with somebody's family name in it."""
        rng, family = self._rng, self._namer.family
        kinds = (
            "Ltd|Limited|LLC|Inc|Inc.|GmbH|AG|BV|SA|Group|Partners|& Sons|& Co|Logistics|Foods|Clinic|Clinics|Dental|"
        )
        kinds += "Consulting|Insurance|Bank|Energy|Freight|Motors|Systems|Labs|Media|University|Hospital|Council|Trust"
        first = "North Bright Blue Silver Clear Iron Red Stone River Summit Harbour Pine True Open Copper Maple Kestrel Tide"
        last = "wind path line stone field water light gate works bridge point leaf forge ware loop mark deck side wave"
        made = rng.choice(first.split()) + rng.choice(last.split())
        form = rng.random()
        if form < 0.3:
            return f"{family()} {rng.choice(kinds.split('|'))}"
        if form < 0.4:
            return f"{family()} & {family()}"
        if form < 0.7:
            return f"{made} {rng.choice(kinds.split('|'))}"
        if form < 0.85:
            return made
        if form < 0.92:
            return f"University of {self.city()}"
        return "".join(rng.choice(string.ascii_uppercase) for _ in range(rng.choice((3, 3, 4))))

    def address(self, between: str = "") -> str:
        """A postal address on one line or several; `between` says what stands between its parts."""
        rng = self._rng
        between = between or rng.choice((", ", ", ", ", ", "\n", "\n", " "))
        number = str(rng.randint(1, 260)) + rng.choice(("", "", "", "", "a", "B", "/2"))
        city = rng.choice(CITIES[:210])
        make = rng.choice((self._british, self._british, self._american, self._american, self._continental,
                           self._romance, self._short, self._short, self._spoken, self._box, self._other))  # fmt: skip
        return make(number, city, between)

    def _road(self) -> str:
        rng = self._rng
        first = rng.choice(_TREES) if rng.random() < 0.7 else self._namer.family().title()
        second = f" {rng.choice(_TREES)}" if rng.random() < 0.12 else ""
        return f"{first}{second} {rng.choice(_STREETS)}"

    def _british(self, number: str, city: str, between: str) -> str:
        rng = self._rng
        flat = rng.choice(("Flat", "Apartment", "Unit", "Suite")) + f" {rng.randint(1, 40)}{between}"
        house = (
            rng.choice(("The Old ", "")) + rng.choice(_TREES) + rng.choice((" House", " Cottage", " Farm")) + between
        )
        lead = flat if rng.random() < 0.2 else house if rng.random() < 0.1 else ""
        letters = "".join(rng.choice("ABDEGHLMNSW") for _ in range(rng.choice((1, 2))))
        code = f"{letters}{rng.randint(1, 29)} {rng.randint(1, 9)}{rng.choice('ABDEFGH')}{rng.choice('JLNPQRSTUWXYZ')}"
        return f"{lead}{number} {self._road()}{between}{city}{rng.choice((' ', between))}{code}"

    def _american(self, number: str, city: str, between: str) -> str:
        rng = self._rng
        number = str(rng.randint(1, 19999))
        unit = rng.choice((" Apt ", " Apt. ", " Suite ", " Unit ", " #")) + str(rng.randint(1, 900))
        unit = unit if rng.random() < 0.25 else ""
        way = rng.choice(("", "", "", "N ", "W ", "NE ", "South "))
        after = rng.choice(("", "", "", "", "-1234"))
        return f"{number} {way}{self._road()}{unit}{between}{city}, {rng.choice(_STATES)} {rng.randint(10000, 99999)}{after}"

    def _continental(self, number: str, city: str, between: str) -> str:
        rng = self._rng
        stems = (
            "Linden Haupt Bahnhof Schiller Goethe Garten Berg Mühlen Kirch Wald Rosen Markt Schul Ring Mozart".split()
        )
        ends = (
            "straße",
            "strasse",
            "str.",
            "weg",
            "gasse",
            "allee",
            "platz",
            "laan",
            "straat",
            "gracht",
            "gatan",
            "vej",
        )
        code = rng.choice((str(rng.randint(10000, 99999)), str(rng.randint(1000, 9999)),
                           f"{rng.randint(1000, 9999)} {rng.choice('ABCKLX')}{rng.choice('ABCKLX')}", f"{rng.randint(10, 99)}-{rng.randint(100, 999)}"))  # fmt: skip
        polish = f"ul. {self._namer.family()}" if rng.random() < 0.15 else rng.choice(stems) + rng.choice(ends)
        return f"{polish} {number}{between}{code} {city}"

    def _romance(self, number: str, city: str, between: str) -> str:
        rng = self._rng
        ways = "rue de la|rue des|rue|avenue|boulevard|place|chemin de|Calle|Calle de|Avenida|Plaza|Via|Viale|Corso|Rua|Rua da|Avenida da"
        way = rng.choice(ways.split("|"))
        named = rng.choice(
            (self._namer.full(), self._namer.family(), "République", "Roma", "Mayor", "Flores", "Lilas", "Moulin")
        )
        code = rng.choice((str(rng.randint(10000, 99999)), f"{rng.randint(1000, 9999)}-{rng.randint(100, 999)}"))
        street = f"{number} {way} {named}" if way[0].islower() else f"{way} {named}{rng.choice((', ', ' '))}{number}"
        return f"{street}{between}{code} {city}"

    def _short(self, number: str, city: str, between: str) -> str:
        return f"{number} {self._road()}" + (f"{between}{city}" if self._rng.random() < 0.5 else "")

    def _spoken(self, number: str, city: str, between: str) -> str:
        rng = self._rng
        said = " ".join(rng.choice(_NUMBERS) for _ in range(rng.choice((1, 1, 2))))
        return f"{said} {self._road()}".lower() + (f" {city}".lower() if rng.random() < 0.3 else "")

    def _box(self, number: str, city: str, between: str) -> str:
        return (
            f"{self._rng.choice(('PO Box', 'P.O. Box', 'Box', 'Postfach'))} {self._rng.randint(1, 9999)}{between}{city}"
        )

    def _other(self, number: str, city: str, between: str) -> str:
        rng = self._rng
        family = self._namer.family()
        return rng.choice(
            (
                f"No. {number}, {family} Street{between}{rng.choice(_TREES)} Nagar{between}{city} {rng.randint(100000, 999999)}",
                f"Plot {rng.randint(1, 99)}, {family} Crescent{between}Victoria Island{between}{city}",
                f"House {number}, Road {rng.randint(1, 30)}{between}{city} {rng.randint(1000, 9999)}",
                f"{family} Sok. No: {number}{between}{rng.randint(10000, 99999)} {city}",
                f"{rng.randint(1, 9)}-{rng.randint(1, 30)}-{rng.randint(1, 20)} {family}-cho{between}{city} {rng.randint(100, 999)}-{rng.randint(1000, 9999)}",
                f"Jl. {family} No. {number}{between}{city} {rng.randint(10000, 99999)}",
            )
        )
