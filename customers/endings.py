"""Endings of web addresses in which anybody can have one, but for those that end names as well.

Of IANA's list (https://data.iana.org/TLD/tlds-alpha-by-domain.txt, of 2026-10-03) are left out:

* people's names: Wang, Kim, Song, Ong, Ren, Fan, Yun, Bond, Black, Green, Gold, Church, Glass, ...
  Somebody who writes Wei.Wang is taken by that name, and so is `evil.kim`: no list tells them
  apart. Page, Win, Art and Best are here, since they are misused most, and a blank after the
  point lets them through;
* places (10115.Berlin, Quezon.City), and what stands behind a name (Ada Byron.PhD, Meyer.GmbH);
* those of one company each, in which no stranger gets an address;
* of other scripts, all but a few words for the web.
"""

from customers.countries import COUNTRIES

GENERIC = """
academy accountant accountants actor adult agency apartments app archi army art associates
attorney auction audio auto autos baby band bar bargains beauty beer best bet bid bike bingo bio
biz blackfriday blog boats boo boutique broker build builders business buzz cab cafe cam camera
capital car cards care career careers cars casa casino catering cc center ceo cfd channel
charity chat cheap christmas claims cleaning click clinic clothing cloud club coach codes coffee
college com community company compare computer condos construction consulting contact
contractors cooking cool coop country coupons courses credit creditcard cricket cruises cyou dad
dance date dating deals degree delivery democrat dental dentist design dev diamonds diet digital
direct directory discount doctor dog domains download earth eco edu education email energy
engineer engineering enterprises equipment estate eu events exchange expert exposed express fail
faith family fans farm fashion feedback film finance financial fishing fit fitness flights
florist flowers foo food football forex forsale forum foundation free fun fund furniture futbol
fyi gallery game games garden gdn gifts gives giving global golf gov graphics gratis gripe
grocery group guide guitars guru hair haus health healthcare help hiphop hiv hockey holdings
homes horse hospital host hosting hot hotels how icu immo immobilien industries info ing ink
institute insure int international investments io jetzt jewelry jobs juegos kaufen kids kitchen
kiwi lat lawyer lease legal lgbt life lifestyle lighting limo link live living loan loans locker
lol lotto ltd luxe luxury maison makeup management market marketing markets media meet meme
memorial men menu mil mobi moda moi mom money monster mortgage motorcycles mov movie museum
music navy net network new news nexus ngo ninja now observer one onl online ooo org organic page
partners parts party pet photo photography photos physio pics pictures pink pizza place plumbing
plus poker porn press pro productions promo properties property protection pub qpon quest racing
realestate realtor realty recipes rehab reise reisen rent rentals repair report republican rest
restaurant review reviews rip rocks rodeo rsvp rugby run sale salon sbs school schule science
security services sex sexy shiksha shoes shop shopping show singles site ski skin soccer social
software solar solutions soy spa space sport storage store stream studio study style su sucks
supplies supply support surf surgery systems tattoo tax taxi team tech technology tel theater
theatre tickets tienda tips tires today tokyo tools top toys trade trading training travel tube
uk university uno vacations ventures versicherung vet viajes video villas vip vision vodka vote
voting voto voyage watch watches webcam website wed wedding wiki win wine work works world wow
wtf xxx xyz yachts yoga zip zone
дети ком онлайн орг рус рф сайт
中文网 在线 网址 网店 网站 网络 コム 닷넷 닷컴 شبكة كوم موقع קום คอม
""".split()
ENDINGS = frozenset((*GENERIC, *(code.lower() for code in COUNTRIES)))
