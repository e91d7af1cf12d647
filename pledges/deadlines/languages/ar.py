"""Arabic, with the month names of the Levant, Egypt and the Gulf, and the Maghreb."""

from pledges.deadlines.expressions import Unit
from pledges.deadlines.lexer import Entry, Grammar, Kind, entries_of, number_entries

# Each number in its masculine and feminine form; cases are added below.
_ONES = (
    ("واحد", "واحدة"),
    ("اثنان", "اثنتان", "اثنين", "اثنتين"),
    ("ثلاثة", "ثلاث"),
    ("أربعة", "أربع"),
    ("خمسة", "خمس"),
    ("ستة", "ست"),
    ("سبعة", "سبع"),
    ("ثمانية", "ثماني", "ثمان"),
    ("تسعة", "تسع"),
)
_TENS = ("عشر", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع")


def _below_hundred() -> dict[str, int]:
    numbers = {form: value for value, forms in enumerate(_ONES, 1) for form in forms}
    ones = dict(numbers) | {"إحدى": 1, "أحد": 1}
    numbers |= {"عشرة": 10, "عشر": 10, "أحد عشر": 11, "إحدى عشرة": 11}
    numbers |= {"اثنا عشر": 12, "اثني عشر": 12, "اثنتا عشرة": 12, "اثنتي عشرة": 12}
    for one, value in ones.items():
        if value > 2:
            numbers |= {f"{one} عشر": 10 + value, f"{one} عشرة": 10 + value}
    for value, stem in enumerate(_TENS, 2):
        for tens in (f"{stem}ون", f"{stem}ين"):
            numbers[tens] = value * 10
            numbers |= {f"{one} و{tens}": value * 10 + unit for one, unit in ones.items()}
            numbers |= {f"{one} وال{tens}": value * 10 + unit for one, unit in ones.items()}
    return numbers


def _numbers() -> dict[str, int]:
    below = _below_hundred()
    numbers = dict(below)
    hundreds = {"مئة": 100, "مائة": 100, "مئتان": 200, "مئتين": 200, "مائتين": 200, "ثلاثمئة": 300}
    for word, value in hundreds.items():
        numbers[word] = value
        numbers |= {f"{word} و{rest}": value + more for rest, more in below.items()}
    return numbers


_UNITS = (
    Entry(Kind.UNIT, "ساعة", unit=Unit.HOUR),
    Entry(Kind.UNITS, "ساعات", unit=Unit.HOUR),
    Entry(Kind.SPAN, "ساعتين|ساعتان", 2, Unit.HOUR),
    Entry(Kind.UNIT, "يوم|يوما", unit=Unit.DAY),
    Entry(Kind.UNITS, "أيام|أياما", unit=Unit.DAY),
    Entry(Kind.SPAN, "يومين|يومان|يومي|يوما عمل", 2, Unit.DAY),
    Entry(Kind.UNIT, "أسبوع|أسبوعا", unit=Unit.WEEK),
    Entry(Kind.UNITS, "أسابيع", unit=Unit.WEEK),
    Entry(Kind.SPAN, "أسبوعين|أسبوعان", 2, Unit.WEEK),
    Entry(Kind.UNIT, "شهر|شهرا", unit=Unit.MONTH),
    Entry(Kind.UNITS, "أشهر|شهور|أشهرا", unit=Unit.MONTH),
    Entry(Kind.SPAN, "شهرين|شهران", 2, Unit.MONTH),
    Entry(Kind.UNIT, "ربع|فصل", unit=Unit.QUARTER),
    Entry(Kind.UNIT, "نصف", unit=Unit.HALF_YEAR),
    Entry(Kind.SPAN, "نصف سنة|نصف عام", 6, Unit.MONTH),
    # "آخر" behind a unit is "another", before it "the end of".
    Entry(Kind.SPAN, "أسبوع آخر|أسبوعا آخر", 1, Unit.WEEK),
    Entry(Kind.SPAN, "شهر آخر|شهرا آخر", 1, Unit.MONTH),
    Entry(Kind.SPAN, "عام آخر|عاما آخر", 1, Unit.YEAR),
    Entry(Kind.UNIT, "سنة|عام|عاما", unit=Unit.YEAR),
    Entry(Kind.UNITS, "سنوات|أعوام|سنين", unit=Unit.YEAR),
    Entry(Kind.SPAN, "سنتين|سنتان|عامين|عامان", 2, Unit.YEAR),
    Entry(Kind.SPAN, "عام ونصف|سنة ونصف|عاما ونصف العام|سنة ونصف السنة|عام ونصف العام", 18, Unit.MONTH),
    Entry(Kind.WORKING, "عمل|العمل|دوام|من أيام العمل"),
)

_NAMES = (
    *entries_of(
        Kind.MONTH,
        (
            "كانون الثاني|كانون ثاني|يناير|جانفي",
            "شباط|فبراير|فيفري",
            "آذار|مارس",
            "نيسان|أبريل|أفريل",
            "أيار|مايو|ماي|مايس",
            "حزيران|يونيو|يونية|جوان",
            "تموز|يوليو|يولية|جويلية|يوليوز",
            "آب|أغسطس|أوت|غشت|أغشت",
            "أيلول|سبتمبر|شتنبر|شتمبر",
            "تشرين الأول|تشرين أول|أكتوبر",
            "تشرين الثاني|تشرين ثاني|نوفمبر|نونبر",
            "كانون الأول|كانون أول|ديسمبر|دجنبر|دجمبر",
        ),
    ),
    *entries_of(
        Kind.HIJRI_MONTH,
        (
            "محرم|المحرم",
            "صفر",
            "ربيع الأول|ربيع أول",
            "ربيع الآخر|ربيع الثاني|ربيع ثاني|ربيع آخر",
            "جمادى الأولى|جمادى الاول|جمادى أولى",
            "جمادى الآخرة|جمادى الثانية|جمادى الاخر|جمادى الثاني",
            "رجب",
            "شعبان",
            "رمضان",
            "شوال",
            "ذو القعدة|ذي القعدة",
            "ذو الحجة|ذي الحجة",
        ),
    ),
    *entries_of(
        Kind.WEEKDAY,
        (
            "الاثنين",
            "الثلاثاء|ثلاثاء|الثلاثا",
            "الأربعاء|أربعاء|الأربعا",
            "الخميس|خميس",
            "الجمعة|جمعة",
            "السبت",
            "الأحد",
        ),
        start=0,
    ),
    *entries_of(
        Kind.ORDINAL,
        ("أول|الأول|الأولى|أولى", "ثاني|ثانية", "ثالث|ثالثة", "رابع|رابعة", "خامس", "سادس", "سابع", "ثامن"),
    ),
    Entry(Kind.TODAY, "اليوم|الليلة|هذا اليوم", 0),
    Entry(Kind.TODAY, "غد|غدا|الغد|يوم غد", 1),
    Entry(Kind.TODAY, "بعد غد|بعد الغد", 2),
    Entry(Kind.HIJRI_MARK, "ه|هجري|هجرية|للهجرة"),
    Entry(Kind.COMMON_ERA_MARK, "م|ميلادي|ميلادية|للميلاد"),
)

_LIMITS = (
    Entry(Kind.WITHIN, "خلال|في غضون|بغضون|في خلال|ضمن|في مدة|خلال مدة|خلال فترة|في ظرف|في أجل|داخل أجل"),
    Entry(Kind.WITHIN, "بمهلة|في مهلة|ضمن مهلة|خلال مهلة|مهلة|مهلة مدتها|لمدة لا تتجاوز|مدة|في فترة"),
    Entry(Kind.BY, "حتى|لغاية|بحلول|في موعد أقصاه|في موعد غايته|في موعد لا يتجاوز|موعد أقصاه|قبل أو في"),
    Entry(Kind.BY, "في أجل أقصاه|أجل أقصاه|حتى موعد أقصاه|في تاريخ أقصاه|إلى غاية|قبل موعد أقصاه|لحد"),
    Entry(Kind.BEFORE, "قبل|قبيل"),
    Entry(Kind.IN, "في|مع|بتاريخ|أثناء|في يوم|في شهر|في تاريخ|صباح يوم|مساء يوم|في عام|في سنة"),
    Entry(Kind.AFTER, "بعد|عقب|إثر|بعيد|على إثر"),
    Entry(Kind.WHEN, "عند|عندما|حين|حالما|لدى|فور|بمجرد|ريثما|إذا|شرط"),
    Entry(Kind.OF, "من|اعتبارا من|ابتداء من|بدءا من|تبدأ من|تحتسب من|انطلاقا من|منذ|لعام|لسنة"),
    Entry(Kind.LATEST, "كحد أقصى|بحد أقصى|على أبعد تقدير|على أقصى تقدير|كأقصى حد|كأقصى تقدير"),
    Entry(Kind.MOST, "على الأكثر|لا تتجاوز|لا يتجاوز|لا تزيد على"),
    Entry(Kind.MOST, "لا يزيد على|لا تتعدى|لا يتعدى|أقصاها|أقصاه|لا تزيد عن|لا يزيد عن"),
    Entry(Kind.MOST, "لا تتجاوز مدتها|مدة لا تتجاوز|أقل من|فترة لا تتجاوز"),
    Entry(
        Kind.EXTENSION,
        "تمديد|تمديدا|تمدد|تمديد لمدة|تمديد عملها لمدة|تمديد عمل اللجنة لمدة|إضافية|إضافي|أخرى",
    ),
    Entry(Kind.EXTENSION, "غير قابل للتجديد|غير قابلة للتجديد|غير قابل للتمديد|غير قابلة للتمديد"),
    Entry(Kind.NOW, "من الآن|من اليوم|من تاريخه|اعتبارا من تاريخه|اعتبارا من اليوم|بدءا من اليوم|منذ اليوم"),
)

_PARTS = (
    Entry(Kind.END, "نهاية|بنهاية|ختام|آخر|آخر يوم من|انتهاء|متم|موفى"),
    Entry(Kind.EARLY, "مطلع|أوائل|بداية|مستهل|بدايات"),
    Entry(Kind.MID, "منتصف|أواسط|أواسط شهر"),
    Entry(Kind.LATE, "أواخر|وقت لاحق من"),
    Entry(Kind.NEXT, "القادم|القادمة|المقبل|المقبلة|التالي|التالية|الآتي|القادمين|المقبلين"),
    Entry(Kind.THIS, "هذا|هذه|الجاري|الجارية|الحالي|الحالية"),
)

_NO_DATE = (
    Entry(Kind.VAGUE, "قريبا|قريبا جدا|عما قريب|في القريب العاجل|في وقت قريب|في أقرب وقت|في أقرب وقت ممكن"),
    Entry(Kind.VAGUE, "في أقرب فرصة|في أسرع وقت|في أسرع وقت ممكن|بأسرع وقت|بأسرع وقت ممكن|بأقرب وقت"),
    Entry(
        Kind.VAGUE,
        "بأقرب وقت ممكن|في الوقت المناسب|في حينه|دون تأخير|فورا|على الفور|عاجلا|في المستقبل القريب",
    ),
    Entry(Kind.VAGUE, "على وجه السرعة|لاحقا|في وقت لاحق|قريب|أقرب وقت ممكن"),
    Entry(Kind.APPROXIMATE, "نحو|حوالي|قرابة|تقريبا|زهاء|ما يقارب"),
    Entry(Kind.FEW, "بضعة|بضع|عدة|قليلة|القليلة|معدودة|المعدودة"),
    Entry(
        Kind.SEASON,
        "الربيع|الصيف|الخريف|الشتاء|ربيع|صيف|خريف|شتاء|فصل الربيع|فصل الصيف|فصل الخريف|فصل الشتاء",
    ),
    Entry(Kind.NOT, "لا|لن|ليس|لم|غير|ما لم|دون|عدم"),
    Entry(Kind.FLOOR, "على الأقل|لا تقل عن|لا يقل عن|أكثر من|ليس قبل|الماضي|الماضية|أمس|المنصرم|الفائت"),
    Entry(Kind.AMBIGUOUS, "نهاية العقد|القرن"),
    Entry(Kind.FISCAL, "السنة المالية|العام المالي|العام الدراسي|السنة الدراسية|الموسم"),
)

_AROUND = (
    Entry(Kind.ACT, "المرسوم|القرار|مرسوم|قرار|الإعلان|البيان|الأمر|التصريح|المرسوم الرئاسي"),
    Entry(Kind.ISSUE, "تاريخ|صدور|إصدار|توقيع|إعلان|اعتماد"),
    Entry(Kind.CLOCK, "صباحا|صباح|مساء|ظهرا|ليلا|منتصف الليل|بعد الظهر|عصرا|مساء اليوم نفسه"),
    Entry(Kind.SEPARATOR, "أو|أي|الموافق|الموافق ل|المصادف|الموافق فيه|وذلك|و|بتاريخ الموافق"),
    Entry(Kind.FILLER, "فترة|وقت|المبارك"),
)

GRAMMAR = Grammar(
    code="ar",
    entries=(
        *number_entries(_numbers()),
        *_UNITS,
        *_NAMES,
        *_LIMITS,
        *_PARTS,
        *_NO_DATE,
        *_AROUND,
    ),
    articles=("وال", "بال", "لل", "ال"),
    pronouns=("هما", "ها", "هم"),
    after_span_is_deadline=True,
)
