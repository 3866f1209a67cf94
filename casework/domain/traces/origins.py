"""Nationalities and languages in a text, in English, French and Spanish."""

from collections.abc import Iterable, Iterator
from functools import cache

from .flat import Word, flatten
from .kinds import ORIGIN, Trace

_ENDINGS = ("", "s", "e", "es", "a", "as", "o", "os", "ne", "nes")
# What those are called who come from a country, without the endings of gender and number.
_ADJECTIVES = """
    afghan albanais albanes albanian aleman algerian algerien allemand angolais angolan angoleñ argelin
    argentin argentinian armenian armenien azerbaijani bahrain bangladais bangladeshi belarusian belizean
    bengalais bengali benines beninese beninois bielorruss bielorus birman bolivian bolivien bosni
    bosnian bosniaque botswanan brasilen brazilian bresilien bulgar bulgare bulgarian burkinabe burmese
    burundais burundes burundian cambodgien cambodian camboyan cameroonian camerounais camerunes chadian
    chilean chilen chilien chinese chinois chypriote colombian colombien comorian comorien congolais
    congolen congolese corean coreen croat croate croatian cypriot djiboutian djiboutien dominicain
    dominican ecuadorean ecuadorian ecuatorian egipci egyptian egyptien equatorien eritre eritrean
    erythreen estonian ethiopian ethiopien etiope fidjien fijian filipin filipino gabonais gabones
    gabonese gambian gambien georgian georgiano georgien german ghanaian ghaneen ghanes grecque greek
    grieg guatemalan guatemaltec guatemalteque guinean guineen guyanais guyanes guyanese haitian haitien
    hazara honduran honduren hondurien hongrois hungar hungarian hutu indian indien indonesi indonesian
    indonesien irakien irani iranian iranien iraqi iraqui irish irlandais israeli israelien italian
    italien ivoirien ivorian jamaicain jamaican jamaiquin japanese japonais japones jordan jordanian
    jordanien kazakh kenian kenyan kirghiz kirguis korean kosovan kosovar koweitien kurd kurde kurdish
    kuwaiti kyrgyz laotian laotien lebanese libanais libanes liberian liberien libi libyan libyen
    lithuanian lituanien macedonian macedonien malagasy malaisien malawian malawien malaysian malgache
    malian malien mapuche marfilen marocain marroqui marroquies mauricien mauritan mauritanian
    mauritanien mauritian mexicain mexican moldave moldovan mongol mongolian moroccan mozambicain
    mozambican namibian namibien nepalais nepales nepali nicaraguan nicaraguayen nicaraguens nigerian
    nigerien nigerin omanais omani ougandais ouzbek pakistanais pakistani palestin palestinian
    palestinien panamanian panameen panamen paquistani paraguay paraguayan paraguayen peruan peruvian
    peruvien philippin polac polish polonais portugais portugues portuguese qatari quechua rohingya
    romanian roumain ruandes ruman russe russian rwandais rwandan salvadoran salvadoren salvadorien
    samoan saoudien saudi senegalais senegales senegalese serbe serbi serbian singaporean siri slovak
    slovaque slovenian somali somalien soudanais sudanes sudanese surinamese syrian syrien tadjik
    tailandes taiwanais taiwanese tajik tamil tamoul tanzan tanzanian tanzanien tchadien thai thailandais
    tibetain tibetan togolais togoles togolese trinidadian trinidadien tunecin tunisian tunisien turkish
    turkmen turque tutsi ucranian ugandan ugandes ukrainian ukrainien uruguay uruguayan uruguayen uzbek
    venezolan venezuelan venezuelien vietnamese vietnamien vietnamita yemeni yemenite zairois zambian
    zambien zimbabuens zimbabwean zimbabween
""".split()


@cache
def _nationalities() -> frozenset[str]:
    return frozenset(flatten(adjective) + ending for adjective in _ADJECTIVES for ending in _ENDINGS)


def find_origins(words: Iterable[Word], languages: Iterable[str]) -> Iterator[Trace]:
    """Find nationalities, and languages by what they are called."""
    known = {flatten(language) for language in languages}
    for word in words:
        if word.flat in known or word.flat in _nationalities():
            yield Trace(word.start, word.end, ORIGIN)
