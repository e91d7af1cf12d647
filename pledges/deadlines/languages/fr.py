"""French."""

from pledges.deadlines.expressions import Unit
from pledges.deadlines.lexer import Entry, Grammar, Kind, entries_of, number_entries

from .shared import HIJRI_MONTHS

_ONES = [
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}
_SWISS_AND_BELGIAN_TENS = {70: "septante", 80: "huitante", 90: "nonante"}


def _numbers() -> dict[str, int]:
    # "un" alone is an article: "une prolongation de trois mois".
    below = {word: value for value, word in enumerate(_ONES, 1) if value > 1} | {"quatre-vingts": 80}
    for tens, word in (*_TENS.items(), *_SWISS_AND_BELGIAN_TENS.items()):
        below[word] = tens
        below |= {f"{word}-et-un": tens + 1, f"{word}-et-une": tens + 1, f"{word}-une": tens + 1}
        last = 19 if word in ("soixante", "quatre-vingt") else 9
        below |= {f"{word}-{one}": tens + value for value, one in enumerate(_ONES[:last], 1)}
    below["soixante-et-onze"] = 71
    numbers = dict(below)
    for value, word in ((100, "cent"), *((n * 100, f"{_ONES[n - 1]} cent") for n in range(2, 10))):
        numbers |= {word: value, f"{word}s": value}
        numbers |= {f"{word} {rest}": value + more for rest, more in (below | {"un": 1}).items()}
    return numbers


_UNITS = (
    Entry(Kind.UNIT, "heure", unit=Unit.HOUR),
    Entry(Kind.UNITS, "heures|h", unit=Unit.HOUR),
    Entry(Kind.UNIT, "jour|journée|jour calendaire|jour franc", unit=Unit.DAY),
    Entry(Kind.UNITS, "jours|j|jours calendaires|jours francs|jours consécutifs", unit=Unit.DAY),
    Entry(Kind.UNIT, "semaine", unit=Unit.WEEK),
    Entry(Kind.UNITS, "semaines", unit=Unit.WEEK),
    # French months end in -s in both numbers: "dans les mois à venir" is kept vague by its own entry.
    Entry(Kind.UNIT, "mois|mois calendaires", unit=Unit.MONTH),
    Entry(Kind.UNIT, "trimestre", unit=Unit.QUARTER),
    Entry(Kind.UNITS, "trimestres", unit=Unit.QUARTER),
    Entry(Kind.UNIT, "semestre|moitié", unit=Unit.HALF_YEAR),
    Entry(Kind.UNITS, "semestres", unit=Unit.HALF_YEAR),
    Entry(Kind.UNIT, "an|année", unit=Unit.YEAR),
    Entry(Kind.UNITS, "ans|années", unit=Unit.YEAR),
    Entry(Kind.SPAN, "quinzaine|une quinzaine|quinzaine de jours|une quinzaine de jours", 15, Unit.DAY),
    Entry(Kind.SPAN, "huitaine|une huitaine", 8, Unit.DAY),
    Entry(Kind.SPAN, "un an et demi|une année et demie", 18, Unit.MONTH),
    Entry(Kind.WORKING, "ouvrables|ouvrable|ouvrés|ouvré"),
    *(Entry(Kind.NAMED_PERIOD, f"t{index}|q{index}|{index}t", index, Unit.QUARTER) for index in range(1, 5)),
    *(Entry(Kind.NAMED_PERIOD, f"s{index}", index, Unit.HALF_YEAR) for index in (1, 2)),
)

_NAMES = (
    *entries_of(
        Kind.MONTH,
        (
            "janvier|janv",
            "février|févr|fév",
            "mars",
            "avril|avr",
            "mai",
            "juin",
            "juillet|juil",
            "août",
            "septembre",
            "octobre|oct",
            "novembre|nov",
            "décembre|déc",
        ),
    ),
    *entries_of(
        Kind.WEEKDAY,
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        start=0,
    ),
    *entries_of(
        Kind.ORDINAL,
        ("premier|première", "deuxième|second|seconde", "troisième", "quatrième", "cinquième", "sixième"),
    ),
    Entry(Kind.TODAY, "aujourd'hui|ce soir|ce jour", 0),
    Entry(Kind.TODAY, "demain", 1),
    Entry(Kind.TODAY, "après-demain", 2),
    Entry(Kind.HIJRI_MARK, "de l'hégire|hégire|ah"),
    Entry(Kind.COMMON_ERA_MARK, "apr. j.-c."),
)

_LIMITS = (
    Entry(Kind.WITHIN, "dans|dans un délai de|dans le délai de|dans les|sous|en|dans un délai d'|délai de"),
    Entry(
        Kind.WITHIN, "dans un délai maximal de|dans un délai maximum de|dans le délai d'|délai d'|en moins de"
    ),
    Entry(
        Kind.WITHIN, "dans un délai n'excédant pas|dans un délai ne dépassant pas|dans un délai maximal d'"
    ),
    Entry(
        Kind.WITHIN,
        "dans un délai maximum d'|au bout de|sous un délai de|sous un délai d'|dans le courant de",
    ),
    Entry(Kind.BY, "d'ici|d'ici à|d'ici au|d'ici le|d'ici la|jusqu'à|jusqu'au|jusqu'en|pour le"),
    Entry(Kind.BY, "à l'échéance du|échéance"),
    Entry(
        Kind.BY, "avant ou le|le ou avant|à échéance du|date limite|d'ici à la|d'ici l'|jusqu'à la|jusqu'à l'"
    ),
    Entry(Kind.BEFORE, "avant|préalablement à"),
    Entry(
        Kind.IN,
        "courant|au cours de|au cours du|au cours des|pendant|durant|lors de|à|au|en cours de|au mois de",
    ),
    Entry(Kind.AFTER, "après|suivant|à l'issue de|au lendemain de|à compter du lendemain de|à la suite de"),
    # Without its accent "dès" is also "des": both introduce an event, neither a date.
    Entry(Kind.WHEN, "dès|dès que|lorsque|quand|une fois|sitôt|aussitôt que|sous réserve"),
    Entry(Kind.OF, "de|du|d'|à partir de|à partir du|à compter de|à compter du|dès le|depuis|à dater de"),
    Entry(Kind.OF, "à dater du|à compter des|à partir des"),
    Entry(
        Kind.MOST, "maximum|au maximum|au plus|maximal|maximale|max|pas plus de|n'excédant pas|tout au plus"
    ),
    Entry(Kind.MOST, "au grand maximum|moins de"),
    Entry(Kind.LATEST, "au plus tard|dernier délai"),
    Entry(
        Kind.EXTENSION, "prolongation|prolongation de|prolongation d'|prorogation|prorogation de|prorogé de"
    ),
    Entry(
        Kind.EXTENSION,
        "prolongé de|supplémentaires|supplémentaire|non renouvelable|non renouvelables|de plus",
    ),
    Entry(Kind.EXTENSION, "prorogation d'|délai supplémentaire de|délai supplémentaire d'|encore"),
    Entry(
        Kind.NOW, "à compter d'aujourd'hui|à partir d'aujourd'hui|à compter de ce jour|à partir de maintenant"
    ),
    Entry(Kind.NOW, "à compter de maintenant|dès aujourd'hui|à partir de ce jour|à compter des présentes"),
)

_PARTS = (
    Entry(Kind.END, "fin|la fin|fin de|fin du|la fin de|la fin du|clôture"),
    Entry(Kind.EARLY, "début|au début de|au début du|commencement|premiers jours de|les premiers jours de"),
    Entry(Kind.MID, "mi|milieu|au milieu de|courant du mois"),
    Entry(Kind.LATE, "plus tard dans|plus tard|derniers jours de|les derniers jours de"),
    Entry(Kind.NEXT, "prochain|prochaine|prochains|prochaines|à venir|qui vient|suivante|suivants|suivantes"),
    Entry(Kind.THIS, "ce|cet|cette|ces|en cours|courante|présent|présente"),
)

_NO_DATE = (
    Entry(Kind.VAGUE, "bientôt|prochainement|dès que possible|le plus tôt possible|au plus vite|sous peu"),
    Entry(Kind.VAGUE, "dans les meilleurs délais|dans les plus brefs délais|le plus rapidement possible"),
    Entry(Kind.VAGUE, "rapidement|sans délai|sans tarder|immédiatement|incessamment|en temps utile|à terme"),
    Entry(Kind.VAGUE, "dans un avenir proche|dans un proche avenir|à brève échéance|un jour|tôt ou tard"),
    Entry(
        Kind.VAGUE, "dans les mois|dans les mois à venir|dans les prochains mois|au cours des prochains mois"
    ),
    Entry(Kind.VAGUE, "ces prochains mois|les prochains mois|au cours des mois à venir|dans quelque temps"),
    Entry(Kind.VAGUE, "d'ici peu|dans un délai raisonnable|en temps voulu|le moment venu|dans la foulée"),
    Entry(
        Kind.APPROXIMATE, "environ|à peu près|approximativement|aux alentours de|aux environs de|vers|presque"
    ),
    Entry(Kind.FEW, "quelques|plusieurs|certains|une poignée de|un certain nombre de|brefs"),
    Entry(Kind.SEASON, "printemps|été|automne|hiver|l'été|l'automne|l'hiver|au printemps"),
    Entry(Kind.NOT, "ne|n'|pas|jamais|non|sans|sauf|aucun|aucune"),
    Entry(Kind.FLOOR, "au plus tôt|au moins|pas avant|plus de|il y a|dernier|dernière|passé|hier|au minimum"),
    Entry(Kind.FISCAL, "exercice|année scolaire|année fiscale|exercice fiscal|exercice budgétaire|rentrée"),
    Entry(Kind.FISCAL, "année budgétaire|année universitaire"),
    Entry(Kind.AMBIGUOUS, "décennie|siècle"),
    Entry(Kind.AMBIGUOUS, "dans le mois|dans l'année|dans la semaine|dans la journée"),
)

_AROUND = (
    Entry(Kind.ACT, "décret|décision|arrêté|annonce|déclaration|communiqué|résolution|ordonnance|directive"),
    Entry(Kind.ISSUE, "date|la date|signature|adoption|promulgation|prise|émission"),
    Entry(
        Kind.CLOCK, "matin|soir|après-midi|midi|minuit|au soir|au matin|dans la matinée|heure locale|inclus"
    ),
    Entry(Kind.SEPARATOR, "ou|et|mais|soit|c'est-à-dire|à savoir|correspondant à"),
    Entry(Kind.FILLER, "le|la|les|l'|un|une|délai|période de|une période de|durée de|une durée de|compris"),
    Entry(
        Kind.FILLER, "sera publié|sera publiée|sera remis|sera rendu public|doit être publié|doit être remis"
    ),
)

GRAMMAR = Grammar(
    code="fr",
    small_words=("sa", "son", "ses", "leur", "leurs"),
    ordinal_suffixes=("er", "ere", "re", "e", "eme", "nd", "nde"),
    entries=(
        *number_entries(_numbers()),
        *_UNITS,
        *_NAMES,
        *HIJRI_MONTHS,
        *_LIMITS,
        *_PARTS,
        *_NO_DATE,
        *_AROUND,
    ),
    next_weekday_is_ambiguous=True,
)
