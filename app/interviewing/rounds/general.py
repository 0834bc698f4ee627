"""Rounds that have questions in the corpus and no module of their own yet: asked and probed like fundamentals."""

from app.interviewing.rounds.rules import RoundRules


def rules_for(slug: str) -> RoundRules:
    """Plain rules under the round's own name."""
    title = slug.replace("-", " ").capitalize()
    return RoundRules(slug=slug, title=title, announcement=f"The next part: {title.lower()}.", probes_a_question=5)
