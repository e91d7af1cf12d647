"""Words that more than one language writes in Latin letters."""

from pledges.deadlines.lexer import Kind, entries_of

HIJRI_MONTHS = entries_of(
    Kind.HIJRI_MONTH,
    (
        "muharram|mouharram",
        "safar",
        "rabi al awwal|rabi i|rabi al-awal|rabia al awal",
        "rabi al thani|rabi ii|rabi al-akhir|rabia ath thani",
        "jumada al ula|jumada i|jumada al-awwal|joumada al oula",
        "jumada al thani|jumada ii|jumada al-akhira|joumada ath thania",
        "rajab|radjab",
        "sha'ban|shaban|chaabane|shaabán",
        "ramadan",
        "shawwal|chawwal",
        "dhu al qa'dah|dhu al-qidah|dhul qadah|dhou al qi'da",
        "dhu al hijjah|dhul hijjah|dhou al hijja",
    ),
)
