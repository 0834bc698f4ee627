"""The deep-dive: claims of the resume, each taken apart down a chain of rungs. Every question names its claim."""

from app.interviewing.rounds.rules import RoundRules

RULES = RoundRules(
    slug="project-deep-dive",
    title="Project deep-dive",
    announcement="Let's go into your own work.",
    on_a_resume="I've read your resume.",
    probes_a_question=8,
    follows_chains=True,
    own_story=True,
    worthwhile_minutes=5.0,
)
