"""Evaluation: judged questions, measures and reports; no I/O except reading judged files."""
