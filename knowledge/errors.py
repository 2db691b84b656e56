"""What can go wrong in this room, and who is told."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of all errors of this room. The message is one clear sentence for whoever edits or operates."""


class UnknownReferenceError(KnowledgeError):
    """For editors of guides, benefits and suites: a reference names no registered document or clause."""


class LabelError(KnowledgeError):
    """For editors: a clause label is not written as labels are (`三(一)`, `第十八条第二款`)."""


class RegistryError(KnowledgeError):
    """For editors: `corpus/sources.yaml` is not right; the message names the entry and the mend."""


class GuideError(KnowledgeError):
    """For editors: a guide is not right; the message names file, line and the mend."""


class TermsError(KnowledgeError):
    """For editors: `terms.yaml` is not right; the message names the entry and the mend."""


class AsksError(KnowledgeError):
    """For editors: a file of `corpus/asks/` is not right; the message names it and the mend."""


class ReadingError(KnowledgeError):
    """For operators: a file cannot be taken in; the message says why and what to do."""


class ApprovalError(KnowledgeError):
    """For operators: a document cannot be approved; the message says why."""


class EncoderError(KnowledgeError):
    """For operators: the encoder cannot be used; the message says what is missing or changed."""


class SnapshotError(KnowledgeError):
    """For operators: no usable index, or it cannot be written; the message says what to run."""
