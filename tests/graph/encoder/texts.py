"""Texts in the scripts of the six UN languages and a few others, for tests of encoders."""

__all__ = ["IN_SIX_LANGUAGES", "IN_SIX_SCRIPTS"]

IN_SIX_SCRIPTS = {
    "Latin": "Elle a formé les gardiens de quarante églises à remarquer une reconnaissance hostile.",
    "Cyrillic": "Он проектирует пути эвакуации стадионов и проводит учения с добровольцами.",
    "Arabic": "درّبت حراس المساجد والكنائس على ملاحظة المراقبة المشبوهة والاتصال بالشرطة مبكرا.",
    "Chinese": "她为教堂、清真寺和寺庙的志愿者开设课程，教他们识别敌对侦察，并及时报警。",
    "Devanagari": "वह होटलों और बाज़ारों के कर्मचारियों को आपात निकासी का प्रशिक्षण देती हैं।",
    "Greek": "Σχεδιάζει την εκκένωση γηπέδων και εκπαιδεύει εθελοντές στην υποδοχή του κοινού.",
}

# A question and the passage that answers it, for each UN language.
IN_SIX_LANGUAGES = {
    "en": (
        "Who can plan the evacuation of a football ground?",
        "He plans evacuations of football grounds: gates, signs, stewards, and the minutes in which eighty thousand "
        "people leave without a crush.",
    ),
    "fr": (
        "Qui connaît la cybersécurité des centrales électriques ?",
        "Ingénieure, elle sépare le réseau de bureau des turbines d'une centrale électrique et apprend aux opérateurs "
        "à repérer une intrusion informatique.",
    ),
    "es": (
        "¿Quién ha escrito leyes para proteger hoteles y playas?",
        "Jurista, redactó el decreto sobre la protección de hoteles y playas, con deberes para los dueños y ayuda para "
        "las pequeñas empresas familiares.",
    ),
    "ru": (
        "Кто обучал сторожей храмов замечать слежку?",
        "Она обучала сторожей храмов и волонтёров приходов замечать подозрительное наблюдение и вовремя звонить в "
        "полицию.",
    ),
    "zh": (
        "谁研究过女性在市场里的安全感？",
        "社会学家，研究女性在市场和公共交通中的安全感受，主张用灯光和邻里参与来改善公共空间。",
    ),
    "ar": (
        "من يعرف مراقبة الأمتعة في المطارات؟",
        "عمل عشرين عاما في فحص الأمتعة والمسافرين في المطارات، ويدرّب الموظفين على استعمال أجهزة الأشعة بلطف ودقة.",
    ),
}
