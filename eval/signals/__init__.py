"""How well danger signals are found, on lines that are never trained on."""

from eval.signals.score import Rate, Report, run

__all__ = ["Rate", "Report", "run"]
