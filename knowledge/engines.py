"""The encoder that the settings choose, and the index that goes with it.

Danger signals and intents are trained on the bundled encoder and always read it; the choice is for search.
"""

from __future__ import annotations

from knowledge.encoder import Embedder, Reranker, load_encoder
from knowledge.errors import SnapshotError
from knowledge.index import build, snapshot
from knowledge.index.vectors import Progress
from knowledge.library import Library
from knowledge.sources import Registry
from settings import Settings

BUILD = "minxing knowledge build"
"""The command that makes the index anew for another encoder."""


def search_encoder(settings: Settings, bundled: Embedder | None = None, *, threads: int = 1) -> Embedder:
    """The encoder of the settings.

    Args:
        settings: which engine, and what it needs.
        bundled: the bundled encoder where it is loaded already.
        threads: of the bundled engine.

    Raises:
        EncoderError: when it cannot be used; says what is missing.
    """
    if settings.encoder_engine == "bundled":
        return bundled or load_encoder(threads)
    return load_encoder(
        engine=settings.encoder_engine,
        model=settings.encoder_model,
        base_url=settings.encoder_base_url,
        api_key=settings.encoder_api_key.get_secret_value(),
        prefixes=(settings.encoder_query_prefix, settings.encoder_passage_prefix),
    )


def search_reranker(settings: Settings) -> Reranker | None:
    """The reranker of the settings, if there is one.

    Raises:
        EncoderError: when it cannot be loaded.
    """
    if not settings.reranker_model:
        return None
    from knowledge.encoder.transformers import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker_model)


def open_library(settings: Settings, bundled: Embedder | None = None) -> Library:
    """The index, searched as the settings say; where they name another encoder, it must be built first.

    Raises:
        KnowledgeError: when the encoder cannot be used, or the index is another encoder's.
    """
    encoder = search_encoder(settings, bundled)
    if why := rebuild_needed(settings, encoder):
        raise SnapshotError(why)
    return Library.open(settings.snapshots_dir, encoder, search_reranker(settings))


def rebuild_needed(settings: Settings, encoder: Embedder) -> str:
    """Why the index must be built before it can be searched with this encoder; empty where it need not.

    What ships has its vectors for the bundled encoder, so a first start with that one needs no command.
    """
    folder = snapshot.current(settings.snapshots_dir)
    manifest = snapshot.read_manifest(folder) if folder else None
    if manifest is not None and manifest.encoder == encoder.fingerprint:
        return ""
    held = manifest is not None and any(d.origin == snapshot.INGESTED for d in manifest.documents)
    if settings.encoder_engine == "bundled" and not held:
        return ""
    old = f"was made with the encoder {manifest.encoder}" if manifest else "is not built yet"
    return f"The index {old}; the settings ask for {encoder.fingerprint}. Run `{BUILD}` once."


def build_index(settings: Settings, progress: Progress | None = None) -> tuple[str, str]:
    """Build the index for the encoder of the settings; ingested documents come along.

    Killed at any moment, the old one stays and the next run takes up what was encoded.

    Returns:
        The name of the snapshot and of its encoder.

    Raises:
        KnowledgeError: when the encoder cannot be used or the folder cannot be written.
    """
    encoder = search_encoder(settings, threads=2)
    folder = build.ensure(settings.snapshots_dir, Registry.load(), encoder, progress=progress)
    return folder.name, encoder.fingerprint
