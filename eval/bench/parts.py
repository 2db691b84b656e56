"""Figures of single parts: search beside its peers, screening beside plain Presidio, the widget."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.bench.timing import Row, time_calls
from settings import PROJECT


def measure_search() -> Iterator[Row]:
    """Recall and ms a query of our search and of peers, on the same built-in clauses, in this run."""
    from eval.retrieval.score import run
    from knowledge.encoder import load_encoder
    from knowledge.library import Library

    encoder = load_encoder()
    with tempfile.TemporaryDirectory(prefix="minxing-bench-") as folder:
        library = Library.open(Path(folder), encoder)
        for score in run(library):
            said = f"R@1 {score.recall(1):.3f}  R@5 {score.recall(5):.3f}  {score.milliseconds:.1f} ms"
            yield Row("search", score.name, said, f"{len(score.judged)} questions")


SCREENED = (
    "我叫王秀兰，电话13857112345，孙子的爸妈都没了，他今年七岁在上小学一年级，想问问怎么申请补贴，要带哪些材料去街道",
    "孩子爸爸坐牢判了三年，妈妈尿毒症一个星期透析三次，孩子十一岁一直跟着我这个外婆过日子，能不能办事实无人抚养",
    "我一个人带两个残疾的孩子，晚上经常偷偷哭，想问问护理补贴怎么申请，去残联还是去街道，多久能批下来，急用钱",
)


def measure_screening() -> Iterator[Row]:
    """Redaction and signals of messages of about sixty characters, with and without their encoding."""
    from guardrails.pii import Redactor, Vault
    from guardrails.screen import Screener
    from knowledge.encoder import load_encoder

    encoder = load_encoder()
    screener = Screener(encoder)
    whole = time_calls(screener.screen, SCREENED * 20)
    yield Row(
        "screen", "60 characters, encoding included, p95", f"{whole.p95:.1f} ms", "60 ms", whole.p95 <= 60
    )
    alone = time_calls(lambda text: encoder.encode([text], kind="query"), SCREENED * 20)
    rest = whole.p95 - alone.p50
    yield Row("screen", "the same less its encoding", f"{rest:.1f} ms", "25 ms", rest <= 25)
    redactor = Redactor()
    ours = time_calls(lambda text: redactor.redact(text, Vault()), SCREENED * 20)
    yield Row("screen", "redaction alone, p95", f"{ours.p95:.1f} ms")
    yield from _plain_presidio()


def _plain_presidio() -> Iterator[Row]:
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    class Blank(NlpEngine):  # type: ignore[misc]
        """A blank pipeline: what installs without a network."""

        def __init__(self) -> None:
            self.nlp = spacy.blank("en")  # the Chinese one cuts numbers into digits, on which Presidio stops

        def load(self) -> None: ...
        def is_loaded(self) -> bool:
            return True

        def process_text(self, text: str, language: str) -> Any:
            doc = self.nlp(text)
            return NlpArtifacts([], doc, [0] * len(doc), [t.text for t in doc], self, language)

        def process_batch(self, texts: Any, language: str, **_: Any) -> Any:
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:
            return False

        def is_punct(self, word: str, language: str) -> bool:
            return False

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return ["zh"]

    registry = RecognizerRegistry(supported_languages=["zh"])
    registry.load_predefined_recognizers(languages=["zh"])
    # The stock e-mail and URL recognisers fetch a list of domains over the network.
    for name in ("EmailRecognizer", "UrlRecognizer"):
        registry.remove_recognizer(name)
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["zh"])
    peer = time_calls(lambda text: engine.analyze(text, language="zh"), SCREENED * 20)
    found = sorted({r.entity_type for text in SCREENED for r in engine.analyze(text, language="zh")})
    yield Row(
        "screen",
        f"peer: Presidio defaults, blank pipeline (finds {', '.join(found) or 'nothing'})",
        f"{peer.p95:.1f} ms",
    )


def measure_widget() -> Iterator[Row]:
    """Compressed size of what the widget's first view loads."""
    files = [path for path in (PROJECT / "web" / "widget").iterdir() if path.suffix in (".js", ".css")]
    size = sum(len(gzip.compress(path.read_bytes())) for path in files) / 1024
    yield Row("widget", f"first view, {len(files)} files, compressed", f"{size:.1f} KB", "60 KB", size <= 60)
