"""Spanish, of Spain and of the Americas."""

from pledges.deadlines.expressions import Unit
from pledges.deadlines.lexer import Entry, Grammar, Kind, entries_of, number_entries

from .shared import HIJRI_MONTHS

_ONES = [
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
]
_TENS = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
_HUNDREDS = {100: "ciento", 200: "doscientos", 300: "trescientos", 400: "cuatrocientos", 500: "quinientos"}


def _numbers() -> dict[str, int]:
    below = {word: value for value, word in enumerate(_ONES, 1)}
    below |= {"veintiún": 21, "veintiuna": 21}
    units = {word: value for word, value in below.items() if value < 10} | {"un": 1, "una": 1}
    for tens, word in enumerate(_TENS, 3):
        below[word] = tens * 10
        below |= {f"{word} y {one}": tens * 10 + value for one, value in units.items()}
    numbers = below | {"cien": 100, "doscientas": 200, "trescientas": 300}
    for value, word in _HUNDREDS.items():
        numbers[word] = value
        numbers |= {f"{word} {rest}": value + more for rest, more in (below | units).items()}
    return numbers


_UNITS = (
    Entry(Kind.UNIT, "hora", unit=Unit.HOUR),
    Entry(Kind.UNITS, "horas|h|hs|hrs", unit=Unit.HOUR),
    Entry(Kind.UNIT, "día|día natural|día corrido", unit=Unit.DAY),
    Entry(Kind.UNITS, "días|días naturales|días corridos|días calendario|días consecutivos", unit=Unit.DAY),
    Entry(Kind.UNIT, "semana", unit=Unit.WEEK),
    Entry(Kind.UNITS, "semanas", unit=Unit.WEEK),
    Entry(Kind.UNIT, "mes", unit=Unit.MONTH),
    Entry(Kind.UNITS, "meses", unit=Unit.MONTH),
    Entry(Kind.UNIT, "trimestre", unit=Unit.QUARTER),
    Entry(Kind.UNITS, "trimestres", unit=Unit.QUARTER),
    Entry(Kind.UNIT, "semestre|mitad", unit=Unit.HALF_YEAR),
    Entry(Kind.UNITS, "semestres", unit=Unit.HALF_YEAR),
    Entry(Kind.UNIT, "año", unit=Unit.YEAR),
    Entry(Kind.UNITS, "años", unit=Unit.YEAR),
    Entry(Kind.SPAN, "quincena|una quincena", 15, Unit.DAY),
    Entry(Kind.SPAN, "medio año", 6, Unit.MONTH),
    Entry(Kind.SPAN, "un año y medio|año y medio", 18, Unit.MONTH),
    Entry(Kind.WORKING, "hábiles|hábil|laborables|laborable|laborales"),
    *(Entry(Kind.NAMED_PERIOD, f"t{index}|q{index}|{index}t", index, Unit.QUARTER) for index in range(1, 5)),
    *(Entry(Kind.NAMED_PERIOD, f"s{index}", index, Unit.HALF_YEAR) for index in (1, 2)),
)

_NAMES = (
    *entries_of(
        Kind.MONTH,
        (
            "enero|ene",
            "febrero|feb",
            "marzo|mar",
            "abril|abr",
            "mayo|may",
            "junio|jun",
            "julio|jul",
            "agosto|ago",
            "septiembre|setiembre|sept|sep",
            "octubre|oct",
            "noviembre|nov",
            "diciembre|dic",
        ),
    ),
    *entries_of(
        Kind.WEEKDAY,
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        start=0,
    ),
    *entries_of(
        Kind.ORDINAL,
        ("primer|primero|primera", "segundo|segunda", "tercer|tercero|tercera", "cuarto|cuarta", "quinto"),
    ),
    Entry(Kind.TODAY, "hoy|esta noche|esta tarde", 0),
    Entry(Kind.TODAY, "mañana", 1),
    Entry(Kind.TODAY, "pasado mañana", 2),
    Entry(Kind.HIJRI_MARK, "de la hégira|hégira|ah"),
    Entry(Kind.COMMON_ERA_MARK, "d. c."),
)

_LIMITS = (
    Entry(Kind.WITHIN, "dentro de|dentro del|en un plazo de|en el plazo de|en un plazo máximo de|plazo de"),
    Entry(Kind.WITHIN, "en el término de|en un término de|en un plazo no mayor a|en un plazo no mayor de"),
    Entry(Kind.WITHIN, "en un plazo no superior a|con un plazo de|un plazo de|plazo máximo de|en menos de"),
    Entry(
        Kind.WITHIN, "en el plazo máximo de|en el plazo improrrogable de|al cabo de|en un período de|plazo"
    ),
    Entry(Kind.BY, "hasta|para|como máximo el"),
    Entry(Kind.BY, "no más tarde de|no más tarde del|antes o el|fecha límite|no después de|no después del"),
    Entry(Kind.BY, "hasta el día|hasta finales de|con fecha límite"),
    Entry(Kind.BEFORE, "antes de|antes del|antes de que|previo a|con anterioridad a|antes"),
    Entry(Kind.IN, "en|durante|a lo largo de|en el curso de|en el mes de|en el transcurso de|a"),
    Entry(
        Kind.AFTER, "después de|después del|tras|luego de|luego del|después de que|posterior a|posteriores a"
    ),
    Entry(Kind.AFTER, "siguientes al|siguiente al|posteriores al|posterior al"),
    Entry(Kind.AFTER, "siguientes a|siguiente a|al término de|al finalizar|una vez transcurridos"),
    Entry(Kind.WHEN, "cuando|una vez|una vez que|en cuanto|tan pronto como|al concluir|apenas|siempre que"),
    Entry(Kind.OF, "de|del|a partir de|a partir del|desde|desde el|desde la|contados desde|contado desde"),
    Entry(Kind.OF, "contados a partir de|contados a partir del|a contar de|a contar desde|contados de"),
    Entry(Kind.MOST, "como máximo|máximo|a lo sumo|máxima|no más de|no mayor a|no mayor de"),
    Entry(Kind.LATEST, "a más tardar|lo más tarde"),
    Entry(Kind.MOST, "a lo más|como mucho|menos de|improrrogable|improrrogables"),
    Entry(
        Kind.EXTENSION, "prórroga|prórroga de|extensión|extensión de|ampliación|ampliación de|prorrogado por"
    ),
    Entry(Kind.EXTENSION, "adicionales|adicional|no renovable|no prorrogable|más|otros|otras|otro|otra"),
    Entry(
        Kind.NOW,
        "a partir de hoy|desde hoy|a partir de ahora|desde ahora|a partir de la fecha|a contar de hoy",
    ),
    Entry(Kind.NOW, "a contar de esta fecha|a partir de esta fecha"),
)

_PARTS = (
    Entry(Kind.END, "fin de|fin del|a fin de|final de|final del|el fin de|el final de|finalizar el"),
    Entry(Kind.END, "termine|termine el|terminar el"),
    Entry(
        Kind.END, "el final del|el fin del|término de|cierre de|cierre del|concluir el|finalice el|acabe el"
    ),
    Entry(Kind.EARLY, "principios de|principios del|a principios de|a principios del|inicio de|inicios de"),
    Entry(Kind.EARLY, "comienzos de|comienzo de|a inicios de|inicio del|inicios del|comienzos del"),
    Entry(Kind.MID, "mediados de|mediados del|a mediados de|a mediados del|medio"),
    Entry(Kind.LATE, "finales de|finales del|fines de|fines del|a fines de|a fines del|más tarde"),
    Entry(Kind.NEXT, "próximo|próxima|próximos|próximas|que viene|entrante|venidero|venideros|siguientes"),
    Entry(Kind.NEXT, "siguiente|venideras"),
    Entry(Kind.THIS, "este|esta|estos|estas|en curso|presente|actual|corriente"),
)

_NO_DATE = (
    Entry(Kind.VAGUE, "pronto|muy pronto|próximamente|en breve|lo antes posible|cuanto antes|a la brevedad"),
    Entry(Kind.VAGUE, "a la mayor brevedad|a la mayor brevedad posible|a la brevedad posible|en su momento"),
    Entry(
        Kind.VAGUE, "lo más pronto posible|en un futuro próximo|en el futuro próximo|de inmediato|sin demora"
    ),
    Entry(Kind.VAGUE, "inmediatamente|oportunamente|algún día|a corto plazo|a medio plazo|a mediano plazo"),
    Entry(
        Kind.VAGUE, "a largo plazo|en un plazo razonable|tan pronto como sea posible|en cuanto sea posible"
    ),
    Entry(Kind.APPROXIMATE, "aproximadamente|alrededor de|cerca de|unos|unas|casi|más o menos|en torno a"),
    Entry(Kind.FEW, "pocos|pocas|algunos|algunas|varios|varias|un par de|unos pocos|unas pocas|unos cuantos"),
    Entry(Kind.SEASON, "primavera|verano|otoño|invierno"),
    Entry(Kind.NOT, "no|nunca|sin|jamás|ni|salvo|tampoco"),
    Entry(Kind.FLOOR, "no antes de|no antes del|como mínimo|al menos|por lo menos|más de|hace|pasado|pasada"),
    Entry(Kind.FLOOR, "ayer|último|última|como pronto"),
    Entry(Kind.FISCAL, "año fiscal|ejercicio|curso escolar|año escolar|año lectivo|ejercicio fiscal|curso"),
    Entry(Kind.AMBIGUOUS, "década|decenio|siglo"),
    Entry(Kind.AMBIGUOUS, "dentro del mes|dentro del año|dentro de la semana|dentro del día"),
)

_AROUND = (
    Entry(Kind.ACT, "decreto|decisión|anuncio|declaración|resolución|orden|comunicado|ordenanza|acuerdo"),
    Entry(Kind.ISSUE, "fecha|la fecha|firma|adopción|promulgación|emisión|expedición"),
    Entry(
        Kind.CLOCK, "por la mañana|por la tarde|por la noche|al mediodía|medianoche|a medianoche|hora local"
    ),
    Entry(Kind.CLOCK, "inclusive|de la mañana|de la tarde"),
    Entry(Kind.SEPARATOR, "o|u|y|pero|es decir|esto es|o sea|correspondiente al"),
    Entry(Kind.FILLER, "el|la|los|las|lo|al|un|una|período de|un período de|un plazo"),
    Entry(Kind.FILLER, "será publicado|será entregado"),
    Entry(Kind.FILLER, "se publicará|se entregará|deberá entregarse|deberá publicarse"),
)

GRAMMAR = Grammar(
    code="es",
    small_words=("su", "sus"),
    ordinal_suffixes=("o", "a", "er", "ro", "ero"),
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
)
